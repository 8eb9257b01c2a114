import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** The framework stays outside: its registry of functions has to be the one of the process that serves them. */
export const EXTERNAL = ['@google-cloud/functions-framework'];

export interface Bundle {
  'index.js': Uint8Array;
  'index.js.map': Uint8Array;
}

/**
 * One function as one file with its source map, in memory. CommonJS: these clients load parts of themselves
 * with `require`, which an ES module bundle cannot serve. Every path inside is relative to `dist/NAME` of the root, so that
 * the bytes are the same in any checkout; the map names the sources and does not repeat them.
 */
export async function bundleFunction(root: string, name: string): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile: join(root, 'dist', name, 'index.js'),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: true,
    sourcesContent: false,
    preserveSymlinks: true,
    external: EXTERNAL,
    logLevel: 'warning',
  });
  const contentOf = (name: keyof Bundle) =>
    outputFiles.find(({ path }) => basename(path) === name)?.contents ?? new Uint8Array();
  return { 'index.js': contentOf('index.js'), 'index.js.map': contentOf('index.js.map') };
}
