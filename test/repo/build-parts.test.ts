import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createArchive } from '../../scripts/build/archive.ts';
import { type LockFile, lockFileOf } from '../../scripts/build/lock-file.ts';

describe('an archive', () => {
  const one = Buffer.from('one');
  const two = Buffer.from('two'.repeat(1000));

  test('has its files in the order of their names, whichever way they came', () => {
    const archive = createArchive({ b: two, a: one });
    expect(Buffer.compare(archive, createArchive({ a: one, b: two }))).toBe(0);
    expect(Object.keys(unzipSync(archive))).toEqual(['a', 'b']);
  });

  test('differs when a byte differs', () => {
    expect(Buffer.compare(createArchive({ a: one }), createArchive({ a: Buffer.from('onf') }))).not.toBe(0);
  });
});

describe('the lock file of a function', () => {
  const manifest = {
    name: 'sample',
    version: '1.0.0',
    private: true,
    main: 'index.js',
    engines: { node: '24' },
    dependencies: { framework: '1.0.0' },
  } as const;
  const root: LockFile = {
    lockfileVersion: 3,
    packages: {
      '': {},
      'node_modules/framework': {
        version: '1.0.0',
        dependencies: { shared: '2', own: '1' },
        optionalDependencies: { 'for-another-machine': '1' },
        peerDependencies: { peer: '1', 'unused-peer': '1' },
        peerDependenciesMeta: { 'unused-peer': { optional: true } },
      },
      'node_modules/framework/node_modules/own': { version: '1.1.0', dependencies: { shared: '2' } },
      'node_modules/own': { version: '9.0.0' },
      'node_modules/peer': { version: '1.0.0' },
      'node_modules/shared': { version: '2.0.0', dependencies: { framework: '1' } },
      'node_modules/unused-peer': { version: '1.0.0' },
      'node_modules/other': { version: '1.0.0' },
      'node_modules/for-another-machine': { version: '1.0.0', optional: true },
    },
  };

  test('has what the function needs, where Node would find it, and nothing else', () => {
    const { packages } = lockFileOf(manifest, root);
    expect(Object.keys(packages)).toEqual([
      '',
      'node_modules/for-another-machine',
      'node_modules/framework',
      'node_modules/framework/node_modules/own',
      'node_modules/peer',
      'node_modules/shared',
    ]);
  });

  test('says so when the lock file of the repository lacks a package', () => {
    const { 'node_modules/shared': _, ...packages } = root.packages;
    expect(() => lockFileOf(manifest, { ...root, packages })).toThrow(
      'package-lock.json has no shared for node_modules/framework',
    );
  });

  test('does not say why the repository has a package', () => {
    const packages = { ...root.packages, 'node_modules/peer': { version: '1.0.0', dev: true } };
    expect(lockFileOf(manifest, { ...root, packages }).packages['node_modules/peer']).toEqual({
      version: '1.0.0',
    });
  });
});
