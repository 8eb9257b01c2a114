import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { startWithTuner } from './vertex-tuning-harness.ts';

const SCRIPT = fileURLToPath(new URL('vertex-genai-client.py', import.meta.url));

/** Whether Google's client for Python is on this machine; it is no dependency of the project. */
function hasClient(): boolean {
  try {
    execFileSync('python3', ['-c', 'import google.genai'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isThere = hasClient();
if (!isThere) console.log('SKIPPED: google-genai, the client for Python, is not installed');

it.runIf(isThere)('the client google-genai for Python tunes, follows, lists, asks and cancels', async () => {
  const { service } = await startWithTuner({}, { clock: systemClock, taskMs: 20 });
  const { stdout } = await promisify(execFile)('python3', [SCRIPT, service.address]);
  expect(JSON.parse(stdout)).toEqual({
    ...{ started: 'JOB_STATE_PENDING', ended: 'JOB_STATE_SUCCEEDED', checkpoints: 2, listed: 1 },
    ...{ read: 'hello', streamed: 'hello', tokens: 2, cancelled: 'JOB_STATE_CANCELLED' },
  });
});
