import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createArchive } from './build/archive.ts';
import { bundleFunction, bundleScript, EXTERNAL } from './build/bundle.ts';
import { type FunctionManifest, lockFileOf } from './build/lock-file.ts';

/**
 * Bundles every function of functions/functions.json into dist/NAME, and packs it into dist/NAME.zip, as it is deployed; and bundles
 * into dist/deploy what a build runs that may change the project, so that it installs nothing.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a deployed folder holds. */
export const BUNDLE_FILES = ['index.js', 'index.js.map', 'package.json', 'package-lock.json'] as const;
type BundleFiles = Record<(typeof BUNDLE_FILES)[number], Uint8Array | string>;

/** Builds unless dist is what these sources give already; returns the folder of each function. */
export async function buildFunctions(root = ROOT): Promise<Record<string, string>> {
  const names: string[] = Object.keys(readJson(join(root, 'functions/functions.json')).functions);
  const folders = Object.fromEntries(names.map((name) => [name, join(root, 'dist', name)]));
  const stampFile = join(root, 'dist', '.sources');
  const stamp = sourcesStamp(root);
  const isThere = Object.values(folders).every((folder) =>
    BUNDLE_FILES.every((file) => existsSync(join(folder, file))),
  );
  if (isThere && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return folders;

  await Promise.all(names.map((name) => buildFunction(root, name)));
  writeFileSync(stampFile, stamp);
  return folders;
}

export interface Package {
  name: string;
  /** The zip file that Terraform uploads. */
  archive: string;
  archiveBytes: number;
  bundleBytes: number;
  /** Of the zip file, in hex: Terraform puts it into the name of the object, so that the same bytes are not deployed again. */
  md5: string;
}

/** Builds where needed and packs every function; the same sources give the same bytes. */
export async function packFunctions(root = ROOT): Promise<Package[]> {
  const folders = await buildFunctions(root);
  return Object.entries(folders).map(([name, folder]) => {
    const contents = BUNDLE_FILES.map((file) => [file, readFileSync(join(folder, file))] as const);
    const zip = createArchive(Object.fromEntries(contents));
    const archive = `${folder}.zip`;
    putInPlace(archive, zip);
    const bundleBytes = readFileSync(join(folder, 'index.js')).length;
    const md5 = createHash('md5').update(zip).digest('hex');
    return { name, archive, archiveBytes: zip.length, bundleBytes, md5 };
  });
}

const DEPLOY_SCRIPTS = ['scripts/terraform/check-plan.ts', 'scripts/deploy/smoke.ts'];

/** What is run beside the rights to deploy, each as one file; returns where they are. */
export async function bundleDeployScripts(root = ROOT): Promise<string[]> {
  const folder = join(root, 'dist/deploy');
  mkdirSync(folder, { recursive: true });
  return Promise.all(
    DEPLOY_SCRIPTS.map(async (file) => {
      const bundle = join(folder, basename(file).replace(/\.ts$/, '.cjs'));
      putInPlace(bundle, await bundleScript(root, file));
      return bundle;
    }),
  );
}

async function buildFunction(root: string, name: string): Promise<void> {
  const manifest = functionManifest(root, name);
  const lock = lockFileOf(manifest, readJson(join(root, 'package-lock.json')));
  const files: BundleFiles = {
    ...(await bundleFunction(root, name)),
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'package-lock.json': `${JSON.stringify(lock, null, 2)}\n`,
  };
  const folder = join(root, 'dist', name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) putInPlace(join(folder, file), content);
}

function functionManifest(root: string, name: string): FunctionManifest {
  const { version, dependencies } = readJson(join(root, 'package.json'));
  return {
    name: `tunedrop-${name}`,
    version,
    private: true,
    main: 'index.js',
    engines: { node: '24' },
    dependencies: Object.fromEntries(EXTERNAL.map((dependency) => [dependency, dependencies[dependency]])),
  };
}

/** Written aside and moved, so that two builds at once do not disturb each other. */
function putInPlace(file: string, content: Uint8Array | string): void {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, content);
  renameSync(aside, file);
}

/** A hash of everything that goes into a bundle: our sources, the build, and the versions in the lock file. */
function sourcesStamp(root: string): string {
  const hash = createHash('sha256');
  const files = ['functions', 'shared', 'scripts/build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') || file.endsWith('.json'))
      .map((file) => join(folder, file)),
  );
  for (const file of [...files.sort(), 'package.json', 'package-lock.json', 'scripts/build.ts']) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (import.meta.main) {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1).padStart(5)} MB`;
  for (const { name, archive, archiveBytes, bundleBytes, md5 } of await packFunctions()) {
    const sizes = `bundle ${megabytes(bundleBytes)}  zip ${megabytes(archiveBytes)}`;
    process.stdout.write(`${name.padEnd(10)} ${sizes}  md5 ${md5}  ${archive}\n`);
  }
  for (const script of await bundleDeployScripts()) process.stdout.write(`${script}\n`);
}
