import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

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

/** One function as one file with its source map, in memory; the map names the sources and does not repeat them. */
export async function bundleFunction(root: string, name: string): Promise<Bundle> {
  const { outputFiles } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile: join(root, 'dist', name, 'index.js'),
    target: 'node24',
    sourcemap: true,
    sourcesContent: false,
    external: EXTERNAL,
  });
  const contentOf = (name: keyof Bundle) =>
    outputFiles.find(({ path }) => basename(path) === name)?.contents ?? new Uint8Array();
  return { 'index.js': contentOf('index.js'), 'index.js.map': contentOf('index.js.map') };
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
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [join(root, 'cli/packaged.ts')],
    outfile: join(root, 'dist/package/tunedrop.js'),
    target: 'node22',
    banner: { js: '#!/usr/bin/env node' },
    metafile: true,
  });
  const folders = Object.keys(metafile.inputs).flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []);
  return { code: outputFiles[0]?.text ?? '', packages: [...new Set(folders)].sort() };
}

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
