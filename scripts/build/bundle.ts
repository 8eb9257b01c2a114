import { basename, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin, type PluginBuild } from 'esbuild';
import { UNUSED_PARTS } from './unused-parts.ts';

/** The framework stays outside: its registry of functions has to be the one of the process that serves them. */
export const EXTERNAL = ['@google-cloud/functions-framework'];

export interface Bundle {
  'index.js': Uint8Array;
  'index.js.map': Uint8Array;
}

/**
 * CommonJS: Google's clients load parts of themselves with `require`, which an ES module bundle cannot serve. Every path inside is
 * relative to the root, so that the bytes are the same in any checkout.
 */
const OPTIONS = {
  write: false,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  preserveSymlinks: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * The same code in ASCII: Node keeps a source with any other character in two bytes each, and reads it more slowly. The bundler escapes
 * texts; what is left are a few regular expressions and comments, whose lines become longer than their source map says.
 */
const asciiOf = (code: string): string =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** How what a function is made of becomes one file. */
export const FUNCTION_OPTIONS = {
  ...OPTIONS,
  target: 'node24',
  external: EXTERNAL,
  plugins: [UNUSED_PARTS],
} satisfies BuildOptions;

/** One function as one file with its source map, in memory; the map names the sources and does not repeat them. */
export async function bundleFunction(root: string, name: string): Promise<Bundle> {
  const { outputFiles } = await build({
    ...FUNCTION_OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile: join(root, 'dist', name, 'index.js'),
    sourcemap: true,
    sourcesContent: false,
  });
  const textOf = (name: keyof Bundle) => outputFiles.find(({ path }) => basename(path) === name)?.text ?? '';
  return {
    'index.js': Buffer.from(asciiOf(textOf('index.js'))),
    'index.js.map': Buffer.from(textOf('index.js.map')),
  };
}

/** A script of ours as one file that needs nothing but Node. */
export async function bundleScript(root: string, file: string): Promise<string> {
  const { outputFiles } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, file)],
    outfile: join(root, 'dist/script.cjs'),
    target: 'node24',
  });
  return outputFiles[0]?.text ?? '';
}

export interface CommandLineBundle {
  code: string;
  /** Folders of the packages that are in it, from the root. */
  packages: string[];
}

/** The command line as one file that needs nothing but Node. */
export async function bundleCommandLine(root: string): Promise<CommandLineBundle> {
  const kept = keptAsText(root, 'google-auth-library');
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, 'cli/packaged.ts')],
    outfile: join(root, 'dist/package/command-line.js'),
    target: 'node22',
    metafile: true,
    plugins: [kept.plugin],
  });
  const folders = [...Object.keys(metafile.inputs), ...kept.inputs].flatMap(
    (file) => PACKAGE_FOLDER.exec(file)?.[0] ?? [],
  );
  return { code: asciiOf(outputFiles[0]?.text ?? ''), packages: [...new Set(folders)].sort() };
}

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * A package that only some commands load is a compressed text in the bundle until then: the others would wait for all of it to be
 * parsed. `inputs` has its files once the bundle is made.
 */
function keptAsText(root: string, name: string): { plugin: Plugin; inputs: string[] } {
  const inputs: string[] = [];
  const setup = ({ onResolve, onLoad }: PluginBuild) => {
    onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'text' }));
    onLoad({ filter: /./, namespace: 'text' }, async () => {
      const { outputFiles, metafile } = await build({
        ...OPTIONS,
        absWorkingDir: root,
        stdin: { contents: `module.exports = require('${name}');`, resolveDir: root },
        target: 'node22',
        metafile: true,
        plugins: [OWN_FETCH],
      });
      inputs.push(...Object.keys(metafile.inputs));
      return { contents: loaderOf(outputFiles[0]?.text ?? ''), resolveDir: root };
    });
  };
  return { plugin: { name: 'kept-as-text', setup }, inputs };
}

function loaderOf(code: string): string {
  const text = brotliCompressSync(code).toString('base64');
  return [
    "const code = require('node:zlib').brotliDecompressSync(Buffer.from(TEXT, 'base64')).toString();",
    "require('node:vm').compileFunction(code, ['module', 'exports', 'require'])(module, exports, require);",
  ]
    .join('\n')
    .replace('TEXT', `'${text}'`);
}

/** Node has a fetch of its own; the package that stands in for it in old ones is large. */
const OWN_FETCH: Plugin = {
  name: 'own-fetch',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node-fetch$/ }, ({ path }) => ({ path, namespace: 'own-fetch' }));
    onLoad({ filter: /./, namespace: 'own-fetch' }, () => ({
      contents: 'export default (...call) => fetch(...call);',
    }));
  },
};
