import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, readRepoFile } from '../support/repo-files.ts';
import { type CommandAnswer, tunedrop } from './command-line.ts';

let folder: string;
let tarball: string;
/** An empty folder into which the package was installed. */
let place: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  const packed = npm(['run', 'package', '--', '--pack-destination', folder], ROOT);
  if (packed.code !== 0) throw new Error(packed.stdout + packed.stderr);
  tarball = join(folder, `tunedrop-${JSON.parse(readRepoFile('package.json')).version}.tgz`);
  place = join(folder, 'place');
  mkdirSync(place);
  // Without a network and with nothing that npm had before.
  const installed = npm(['install', '--offline', '--cache', join(folder, 'cache'), tarball], place);
  if (installed.code !== 0) throw new Error(installed.stdout + installed.stderr);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: string[], cwd: string): CommandAnswer {
  const { status, stdout, stderr } = spawnSync(command, args, {
    ...{ cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    shell: process.platform === 'win32',
  });
  return { code: status, stdout, stderr };
}

const npm = (args: string[], cwd: string) => run('npm', args, cwd);
const installedFile = (file: string) => join(place, 'node_modules/tunedrop', file);
const packaged = (node: string, ...args: string[]) =>
  run(node, [installedFile('tunedrop.js'), ...args], ROOT);

test('the package is some megabytes at most, and two JavaScript files: the second is what the first keeps compiled', () => {
  expect(statSync(tarball).size).toBeLessThan(4e6);
  const files = readdirSync(installedFile(''), { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /\.[cm]?[jt]s$/.test(file)).sort()).toEqual([
    'command-line.js',
    'tunedrop.js',
  ]);
});

test('what was compiled is kept beside it, and it runs where nothing can be kept', () => {
  const kept = installedFile('../.cache');
  rmSync(kept, { recursive: true, force: true });
  const first = packaged(process.execPath, 'models');
  expect(readdirSync(join(kept, 'tunedrop'))).toHaveLength(1);
  expect(packaged(process.execPath, 'models')).toEqual(first);
  rmSync(kept, { recursive: true });
  writeFileSync(kept, 'no folder');
  expect(packaged(process.execPath, 'models')).toEqual(first);
  expect(readFileSync(kept, 'utf8')).toBe('no folder');
  rmSync(kept);
});

test('its file is ASCII, which Node keeps in half the memory', () => {
  expect(/[^\0-\x7f]/.exec(readFileSync(installedFile('command-line.js'), 'utf8'))).toBeNull();
});

test('it needs no other package, and is installed without a network', () => {
  const visible = readdirSync(join(place, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(visible).toEqual(['tunedrop']);
});

test('npm puts the command where npx finds it', () => {
  const { code, stdout } = npm(['exec', '--offline', 'tunedrop', '--', '--help'], place);
  expect(stdout).toMatch(/^ {2}check DIR /m);
  expect(code).toBe(0);
});

describe.each([{ node: process.execPath }, ...otherNodes()])('$node runs it', ({ node }) => {
  test.each([
    { name: 'a folder with mistakes', args: ['check', 'examples/has-mistakes'] },
    { name: 'a folder whose tokens are counted', args: ['check', 'examples/medical-specialty', '--json'] },
    {
      name: 'a plan with its cost',
      args: ['plan', 'examples/openai-chat', '--project', 'some-project', '--bucket', 'gs://inbox/a'],
    },
    { name: 'the models', args: ['models', '--json'] },
    { name: 'the help of a command', args: ['check', '--help'] },
    { name: 'a command that does not exist', args: ['chek'] },
  ])('as the checkout does: $name', ({ args }) => {
    const there = packaged(node, ...args);
    const here = tunedrop(...args);
    if (args[0] !== 'chek') expect(there).toEqual(here);
    expect(there.code).toBe(here.code);
  });

  test.each([
    {
      name: 'nobody is logged in',
      environment: { METADATA_SERVER_DETECTION: 'none', GOOGLE_APPLICATION_CREDENTIALS: undefined },
      says: /^You are not logged in: .* gcloud auth application-default login/,
    },
    {
      name: 'the key that is named is not there',
      environment: { GOOGLE_APPLICATION_CREDENTIALS: 'no-such-key.json' },
      says: /^Google does not take your credentials: .*no-such-key\.json/,
    },
  ])('of a deployment, with Google’s own library for logging in: $name', ({ environment, says }) => {
    // Without a home there is neither a login nor a cloud that runs.
    const env = { PATH: process.env.PATH, HOME: place, CLOUDSDK_CONFIG: place, ...environment };
    const { status, stderr } = spawnSync(node, [installedFile('tunedrop.js'), 'list', '--project', 'p'], {
      ...{ env, cwd: place, encoding: 'utf8' },
    });
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });

  test('start says how to get the embedded cloud', () => {
    for (const args of [['start'], ['start', '--once', 'examples/gemma'], ['start', '--help']]) {
      const { code, stdout, stderr } = packaged(node, ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('In a checkout of it, npm start runs');
    }
  });
});

test('it has every page that it names', () => {
  const named = readFileSync(installedFile('command-line.js'), 'utf8').match(/\bdocs\/[\w-]+\.(?:md|json)/g);
  expect(named).toContain('docs/models.md');
  for (const page of new Set(named)) expect(statSync(installedFile(page)).isFile(), page).toBe(true);
});

test('it names the licence of everything that is bundled', () => {
  const licences = readFileSync(installedFile('third-party-licenses.txt'), 'utf8');
  const bundled = readFileSync(installedFile('command-line.js'), 'utf8').matchAll(
    /^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm,
  );
  const names = [...new Set([...bundled].map(([, name]) => name))];
  expect(names).toContain('zod');
  for (const name of names) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
});

test('of the languages of zod only English is in it', () => {
  const languages = readFileSync(installedFile('command-line.js'), 'utf8').match(
    /zod\/v4\/locales\/(?!index)\w+/g,
  );
  expect([...new Set(languages)]).toEqual(['zod/v4/locales/en']);
});

test('npm pack in the repository says where the package is made', () => {
  const { code, stdout } = npm(['pack', '--dry-run'], ROOT);
  expect(stdout).toContain('npm run package');
  expect(code).not.toBe(0);
});

/** Another Node of this machine that the package is for; the tests themselves run on the first one of PATH. */
function otherNodes(): { node: string }[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((path) => !path.includes('node_modules'));
  const node = folders.map((path) => join(path, 'node')).find((file) => existsSync(file)) ?? 'node';
  const { stdout: version } = run(node, ['-p', 'process.versions.node'], tmpdir());
  if (Number.parseInt(version, 10) >= 22) return [{ node }];
  console.log(
    `SKIPPED: the other node on PATH is ${version.trim() || 'missing'}, and the package is for 22 and newer`,
  );
  return [];
}
