import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createPageActions } from '../../cli/start/page/inbox-actions.ts';
import { readRunLog } from '../../cli/start/page/log.ts';
import { cancelText } from '../../shared/core/manifest/cancel-text.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { aRun } from '../support/runs.ts';
import { temporaryFolder } from '../support/service-options.ts';

async function anInbox() {
  const [dataDir, inbox] = [temporaryFolder(), temporaryFolder()];
  const uploads = new Map<string, string>();
  const upload = async (_bucket: string, name: string, file: string) =>
    void uploads.set(name, readFileSync(file, 'utf8'));
  return { inbox, uploads, actions: createPageActions({ dataDir, inbox, cloud: { upload } }) };
}

test('a cancel is the manifest as it lies in the inbox, with one key more', async () => {
  const { inbox, uploads, actions } = await anInbox();
  await mkdir(join(inbox, 'reviews'));
  writeFileSync(join(inbox, 'reviews/tune.json'), '{\n  "base_model": "x",\n  "epoch_count":  4\n}\n');
  await actions.cancel(aRun());
  expect(uploads.get('reviews/tune.json')).toBe(
    '{\n  "cancel": true,\n  "base_model": "x",\n  "epoch_count":  4\n}\n',
  );
});

test('of a manifest that is no more it is what was read of it', async () => {
  const { uploads, actions } = await anInbox();
  await actions.cancel(aRun({ spec: { manifest: { base_model: 'x' } } }));
  expect(JSON.parse(uploads.get('reviews/tune.json') ?? '')).toEqual({ cancel: true, base_model: 'x' });
});

test('a file is uploaded when it has come whole, and not at all when it breaks off', async () => {
  const { uploads, actions } = await anInbox();
  await actions.upload('a/train.jsonl', Readable.from(['one\n', 'two\n']));
  const broken = Readable.from(
    (function* () {
      yield 'one';
      throw new Error('broken off');
    })(),
  );
  await expect(actions.upload('b/train.jsonl', broken)).rejects.toThrow('broken off');
  expect([...uploads]).toEqual([['a/train.jsonl', 'one\ntwo\n']]);
});

test.each([
  ['an object', '{"base_model": "text-bison@002"}'],
  ['one that says no', '{"base_model": "x", "cancel": false}'],
  ['an empty one', '{}'],
  ['one on lines', '{\r\n\t"base_model": "{"\r\n}'],
  ['no object', '[]'],
  ['no JSON', '{"base_model": '],
])('the text with a cancel asks for one: of %s', (_name, text) => {
  const bytes = new TextEncoder().encode(cancelText(text));
  expect(parseManifest(bytes, { uri: 'gs://inbox/a/tune.json' })).toMatchObject({
    isCancel: true,
    issues: [],
  });
});

test('the log of a run has the lines that name it, of functions and services, and no other', async () => {
  const { runId } = aRun();
  const file = join(temporaryFolder(), 'cloud.log');
  const said: string[] = [];
  const logger = createLogger('validate', (line) => void said.push(line.trim()));
  logger.info('run changed', { runId, state: 'RUNNING' });
  logger.info('run changed', { runId: 'another', state: 'RUNNING' });
  const lines = [...said.map((line) => `validate: ${line}`), `pubsub: push of ${runId} failed`];
  writeFileSync(file, lines.map((line) => `2026-03-01T12:00:00.000Z ${line}\n`).join(''));
  expect(await readRunLog(file, runId)).toEqual([
    {
      ...{ time: '2026-03-01T12:00:00.000Z', by: 'validate', severity: 'INFO', message: 'run changed' },
      rest: '{"state":"RUNNING"}',
    },
    {
      ...{ time: '2026-03-01T12:00:00.000Z', by: 'pubsub', severity: '', rest: '' },
      message: 'push of this run failed',
    },
  ]);
  expect(await readRunLog(join(temporaryFolder(), 'none'), runId)).toEqual([]);
});
