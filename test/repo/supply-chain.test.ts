import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REASONS } from '../../scripts/docs/dependency-reasons.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}
interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
}

const { dependencies, devDependencies, optionalDependencies }: Manifest = JSON.parse(
  readRepoFile('package.json'),
);
const asked = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
const { packages }: { packages: Record<string, Locked> } = JSON.parse(readRepoFile('package-lock.json'));

describe('packages', () => {
  test.each(asked)('%s is asked for in one version and no range: %s', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('are held against a checksum, and come from no other place than the registry that is asked', () => {
    const locked = Object.entries(packages).filter(([path]) => path !== '');
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('each have a reason, and no reason is left over', () => {
    expect(Object.keys(REASONS).sort()).toEqual(asked.map(([name]) => name).sort());
  });
});

describe('scripts of packages do not run', () => {
  interface Step {
    id: string;
    entrypoint?: string;
    args?: string[];
  }

  test.each(repoFiles(/^cloudbuild[\w.]*\.yaml$/))('in %s', (file) => {
    const { steps } = parse(readRepoFile(file)) as { steps: Step[] };
    const installs = steps.filter(({ entrypoint, args }) => entrypoint === 'npm' && args?.[0] === 'ci');
    for (const { args } of installs) expect(args).toEqual(['ci', '--ignore-scripts']);
    expect(JSON.stringify(steps)).not.toMatch(/npm (?:i|install|ci) (?!--ignore-scripts)/);
  });

  test('where the first `npm start` or `npm test` installs', () => {
    expect(readRepoFile('scripts/ensure-installed.mjs')).toContain("'ci', '--ignore-scripts'");
  });

  test('and those of the project itself do: nothing is said of that in .npmrc', () => {
    expect(readRepoFile('.npmrc')).not.toContain('ignore-scripts');
  });
});
