import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FUNCTION_OPTIONS } from '../../scripts/build/bundle.ts';
import { BUNDLE_FILES, type Package, packFunctions } from '../../scripts/build.ts';
import { ROOT, readRepoFile } from '../support/repo-files.ts';

const NAME = 'submit';
let folder: string;
let first: string;
let packed: Package | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
  first = copyCheckout('first');
  [packed] = await packFunctions(first);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sources and the lock file elsewhere, with one function to save time; what is installed is shared. */
function copyCheckout(name: string): string {
  const root = join(folder, name);
  mkdirSync(root, { recursive: true });
  for (const path of ['functions', 'shared', 'scripts/build', 'scripts/build.ts', 'package.json']) {
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  cpSync(join(ROOT, 'package-lock.json'), join(root, 'package-lock.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir');
  const list = JSON.parse(readRepoFile('functions/functions.json'));
  const one = { ...list, functions: { [NAME]: list.functions[NAME] } };
  writeFileSync(join(root, 'functions/functions.json'), JSON.stringify(one));
  return root;
}

const bundleFile = (file: string) => readFileSync(join(first, 'dist', NAME, file), 'utf8');

describe('a build', () => {
  test('gives the same bytes in another folder, later, in another time zone', async () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Pacific/Kiritimati';
    try {
      const [again] = await packFunctions(copyCheckout('deeper/down/second'));
      expect(again?.md5).toBe(packed?.md5);
      expect(again && packed && readFileSync(again.archive).equals(readFileSync(packed.archive))).toBe(true);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test('packs what stands in the folder and nothing else', () => {
    const files = unzipSync(readFileSync(packed?.archive ?? ''));
    expect(Object.keys(files)).toEqual([...BUNDLE_FILES].sort());
    for (const file of BUNDLE_FILES) expect(Buffer.from(files[file] ?? []).toString()).toBe(bundleFile(file));
  });

  test('is ASCII, which Node keeps in half the memory', () => {
    expect(/[^\0-\x7f]/.exec(bundleFile('index.js'))).toBeNull();
  });

  test('names no folder of the machine in the bundle or its source map', () => {
    for (const file of BUNDLE_FILES) {
      for (const place of [folder, ROOT]) expect(bundleFile(file).includes(place), file).toBe(false);
    }
    expect(JSON.parse(bundleFile('index.js.map')).sources).toContain('../../functions/submit/handler.ts');
  });

  test('leaves out what Firestore’s client brings for other services', () => {
    expect(bundleFile('index.js')).toContain('FirestoreClient');
    for (const unused of ['FirestoreAdminClient', 'google.iam.v1', 'google.firestore.v1.BundleMetadata'])
      expect(bundleFile('index.js').includes(unused), unused).toBe(false);
  });

  test('fails where a part that it leaves out is not where it was', async () => {
    const missing = build({ ...FUNCTION_OPTIONS, logLevel: 'silent', stdin: { contents: '' } });
    await expect(missing).rejects.toThrow(
      /the bundle has no @google-cloud\/firestore-api\/build\/src\/index\.js: /,
    );
  });

  test('leaves the framework out of the bundle and asks for Node 24', () => {
    expect(bundleFile('index.js')).toContain('require("@google-cloud/functions-framework")');
    const framework = JSON.parse(readRepoFile('package.json')).dependencies[
      '@google-cloud/functions-framework'
    ];
    expect(JSON.parse(bundleFile('package.json'))).toMatchObject({
      main: 'index.js',
      engines: { node: '24' },
      dependencies: { '@google-cloud/functions-framework': framework },
    });
  });
});

describe("a function's package-lock.json", () => {
  const npm = (args: string[], cwd: string) =>
    spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });

  test('has the versions and checksums of the lock file of the repository', () => {
    const { packages } = JSON.parse(bundleFile('package-lock.json'));
    const root = JSON.parse(readRepoFile('package-lock.json')).packages;
    const paths = Object.keys(packages).filter((path) => path !== '');
    expect(paths).toContain('node_modules/express');
    expect(paths).not.toContain('node_modules/vitest');
    for (const path of paths) {
      const { version, integrity } = root[path];
      expect(packages[path], path).toMatchObject({ version, integrity });
    }
  });

  test('is what `npm ci` accepts, with every package that one of them needs', () => {
    const { stdout, status } = npm(['ci', '--dry-run', '--offline'], copyManifest());
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('add express ');
  });

  test.each([
    {
      name: 'lacks a package',
      spoil: (lock: { packages: Record<string, object> }) => delete lock.packages['node_modules/express'],
    },
    {
      name: 'has another version than is asked for',
      spoil: (lock: { packages: Record<string, object> }) =>
        Object.assign(lock.packages['node_modules/express'] ?? {}, { version: '3.0.0' }),
    },
  ])('would be refused if it $name', ({ spoil }) => {
    const place = copyManifest();
    const lock = JSON.parse(bundleFile('package-lock.json'));
    spoil(lock);
    writeFileSync(join(place, 'package-lock.json'), JSON.stringify(lock));
    expect(npm(['ci', '--dry-run', '--offline'], place).status).not.toBe(0);
  });

  function copyManifest(): string {
    const place = mkdtempSync(join(folder, 'npm-'));
    for (const file of ['package.json', 'package-lock.json'])
      writeFileSync(join(place, file), bundleFile(file));
    return place;
  }
});
