import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startStorage } from '../../local/storage/server.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';

const PRELOADED = new URL('../../local/functions/known-warnings.mjs', import.meta.url).href;

/** What a process says on standard error. */
async function says(script: string, ...preloaded: string[]): Promise<string> {
  const options = [...preloaded.map((url) => `--import=${url}`), '--input-type=module', '--eval', script];
  const { stderr } = await promisify(execFile)(process.execPath, options, {
    env: { ...process.env, METADATA_SERVER_DETECTION: 'none' },
  });
  return stderr;
}

test.each([
  ['a plain emitter', `new (await import('node:events')).EventEmitter()`, 'error'],
  ['a stream that is no download', `new (await import('node:stream')).PassThrough()`, 'error'],
  ['the end of a stream that is no download', `new (await import('node:stream')).PassThrough()`, 'close'],
])('a warning about the listeners of %s is printed', async (_name, emitter, event) => {
  const script = `const it = ${emitter}; for (let i = 0; i < 11; i++) it.on('${event}', () => {});`;
  expect(await says(script, PRELOADED)).toContain(`11 ${event} listeners added`);
});

test('any other warning is printed', async () => {
  expect(await says(`process.emitWarning('mind the gap')`, PRELOADED)).toContain('mind the gap');
});

test('Google’s client warns of its own downloads, and that is left out', async () => {
  const folder = temporaryFolder();
  const storage = await startStorage({
    ...serviceOptions(),
    ...{ buckets: [{ name: 'some-bucket', folder }], onFinalized: () => {} },
  });
  onTestFinished(() => storage.close());
  const upload = `http://${storage.address}/upload/storage/v1/b/some-bucket/o?uploadType=media&name=a`;
  await fetch(upload, { method: 'POST', body: 'x'.repeat(200_000) });
  const script = `
    import { Storage } from '@google-cloud/storage';
    let read = 0;
    const file = new Storage({ projectId: 'p', apiEndpoint: 'http://${storage.address}' }).bucket('some-bucket').file('a');
    for await (const chunk of file.createReadStream({ start: 0, validation: false })) read += chunk.length;
    console.error(read);
  `;
  const loud = await says(script);
  expect(loud).toContain('200000');
  expect(loud).toContain('11 error listeners added to [PassThrough]');
  expect(await says(script, PRELOADED)).toBe('200000\n');
});
