import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles every function of functions/functions.json into dist/NAME, as it is deployed. */

const root = fileURLToPath(new URL('..', import.meta.url));
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const functionNames = Object.keys(
  JSON.parse(readFileSync(join(root, 'functions/functions.json'), 'utf8')).functions,
);

/** The framework stays outside: its registry of functions has to be the one of the process that serves them. */
const EXTERNAL = ['@google-cloud/functions-framework'];

/** Builds unless dist is what these sources give already; returns the folder of each function. */
export async function buildFunctions(): Promise<Record<string, string>> {
  const folders = Object.fromEntries(functionNames.map((name) => [name, join(root, 'dist', name)]));
  const stampFile = join(root, 'dist', '.sources');
  const stamp = sourcesStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return folders;

  await Promise.all(functionNames.map((name) => bundle(name, join(root, 'dist', name))));
  writeFileSync(stampFile, stamp);
  return folders;
}

/**
 * CommonJS: these clients load parts of themselves with `require`, which an ES module bundle cannot serve.
 * Built aside and moved into place, so that two builds at once do not disturb each other.
 */
async function bundle(name: string, folder: string): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  await build({
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile: join(aside, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: true,
    external: EXTERNAL,
    logLevel: 'warning',
  });
  const manifest = {
    name: `tunedrop-${name}`,
    version: packageJson.version,
    private: true,
    main: 'index.js',
    engines: { node: '24' },
    dependencies: Object.fromEntries(
      EXTERNAL.map((dependency) => [dependency, packageJson.dependencies[dependency]]),
    ),
  };
  writeFileSync(join(aside, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(aside)) renameSync(join(aside, file), join(folder, file));
  rmdirSync(aside);
}

/** A hash of everything that goes into a bundle: our sources, this script, and the versions in the lock file. */
function sourcesStamp(): string {
  const hash = createHash('sha256');
  const files = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') || file.endsWith('.json'))
      .map((file) => join(folder, file)),
  );
  for (const file of [...files.sort(), 'package-lock.json', 'scripts/build.ts']) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of Object.values(await buildFunctions())) process.stdout.write(`${folder}\n`);
}
