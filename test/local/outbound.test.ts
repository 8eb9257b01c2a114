import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PRELOADED = new URL('../../local/functions/only-this-machine.mjs', import.meta.url).href;

/** What becomes of an attempt in a process like that of a function. */
function attempt(code: string, env: Record<string, string> = {}): string {
  const { stdout } = spawnSync(
    process.execPath,
    [
      `--import=${PRELOADED}`,
      '--input-type=module',
      '-e',
      `${code}.then(() => console.log('reached'), (error) => console.log(String(error.cause ?? error)))`,
    ],
    { encoding: 'utf8', env, cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );
  return stdout;
}

test.each([
  ['fetch', `fetch('https://us-central1-aiplatform.example.com/')`],
  ['an address', `fetch('http://192.0.2.1/')`],
  ['the metadata server', `fetch('http://169.254.169.254/')`],
  ['a name', `(await import('node:dns')).promises.lookup('us-central1-aiplatform.googleapis.com')`],
])('a function reaches nothing beyond this machine: %s', (_what, code) => {
  expect(attempt(`(async () => ${code})()`)).toContain('is not this machine');
});

test('but an emulator that somebody named, and this machine', () => {
  const lookup = `(async () => (await import('node:dns')).promises.lookup('emulator.invalid'))()`;
  expect(attempt(lookup, { FIRESTORE_EMULATOR_HOST: 'emulator.invalid:8080' })).not.toContain(
    'is not this machine',
  );
  expect(attempt(`(async () => (await import('node:dns')).promises.lookup('localhost'))()`)).toContain(
    'reached',
  );
});
