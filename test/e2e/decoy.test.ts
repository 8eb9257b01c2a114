import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalOf } from '../../cli/command-line/terminal.ts';
import { createScreen } from '../../cli/run/screen.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { RunSchema } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { until } from '../support/condition.ts';
import { HOSTILE_TEXTS, isWholeListHere, pathTricks } from '../support/hostile-texts.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { steeringIn } from '../support/steering.ts';
import { send } from '../support/web-page.ts';

if (!isWholeListHere)
  console.warn('SKIPPED: the big list of naughty strings is not here; a small one is tried');

/** A bucket that the functions can read here, and whose content nobody may come to know. */
const DECOY = 'tunedrop-decoy';
const OBJECT = 'train.jsonl';
const CANARY = 'kanariedecoyzq';

const dataDir = temporaryFolder();
let stack: Stack;
let inbox = '';
beforeAll(async () => {
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir, taskMs: 5, emulators: {}, scheduleMs: 200 },
    environment: { RETRY_SCALE: '0.005', DATASET_WAIT_SECONDS: '0.5', SHOW_EXAMPLES: 'off' },
  });
  inbox = stack.cloud.buckets.inbox ?? '';
  await ask('POST', '/storage/v1/b?project=p', JSON.stringify({ name: DECOY }));
  const row = JSON.stringify({ input_text: CANARY, output_text: CANARY });
  await upload(DECOY, OBJECT, `${row}\n`.repeat(120));
  await upload(DECOY, 'tune.json', JSON.stringify({ base_model: CANARY }));
});
afterAll(() => stack.close());

async function ask(method: string, path: string, body: string) {
  const address = new URL(stack.cloud.storage.baseUrl).host;
  const answer = await send(address, path, { method, headers: { 'content-type': 'application/json' }, body });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body;
}

function upload(bucket: string, name: string, body: string): Promise<string> {
  return ask(
    'POST',
    `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`,
    body,
  );
}

/** Keys whose values are names of something, and those that are texts or numbers. */
const KEYS = [
  ...[
    'dataset_uri',
    'evaluation_data_uri',
    'queries_path',
    'corpus_path',
    'train_label_path',
    'tuned_model_location',
  ],
  ...[
    'dataset_name',
    'output_uri',
    'pre_tuned_model',
    'custom_base_model',
    'service_account',
    'tensorboard_resource_id',
  ],
  ...[
    'encryption_spec_key_name',
    'pipeline_job_region',
    'base_model',
    'model_display_name',
    'train_steps',
    'task',
  ],
];

/** Each trick in every key of names, and in the rows; then each hostile text in every key at once. */
function manifests(): Record<string, unknown>[] {
  const tricks = pathTricks(DECOY, OBJECT).map((trick) => trick.replace('INBOX', inbox));
  const named = tricks.flatMap((trick) => [
    { base_model: 'gemini-3.1-flash-lite', dataset_uri: trick, evaluation_data_uri: trick },
    {
      base_model: 'textembedding-gecko@003',
      queries_path: trick,
      corpus_path: trick,
      train_label_path: trick,
    },
    {
      base_model: 'text-bison@002',
      dataset_uri: 'train.jsonl',
      output_uri: trick,
      dataset_name: trick,
      pre_tuned_model: trick,
    },
  ]);
  const size = Math.ceil(HOSTILE_TEXTS.length / 20);
  const texts = Array.from({ length: 20 }, (_, index) =>
    HOSTILE_TEXTS.slice(index * size, (index + 1) * size),
  );
  const spread = texts.map((some) =>
    Object.fromEntries(KEYS.map((key, at) => [key, some[at % Math.max(some.length, 1)] ?? key])),
  );
  const asKeys = {
    base_model: 'text-bison@002',
    dataset_uri: 'train.jsonl',
    labels: Object.fromEntries(HOSTILE_TEXTS.slice(0, 60).map((text) => [text, text])),
  };
  return [...named, ...spread, asKeys, ...HOSTILE_TEXTS.slice(0, 5).map((text) => ({ [text]: text }))];
}

test('a hostile upload reads nothing of a bucket that it may not name, and carries nothing of it anywhere', async () => {
  const start = stack.cloud.history.since().at(-1)?.order ?? 0;
  const all = manifests();
  const rows = HOSTILE_TEXTS.map((text) =>
    JSON.stringify({ input_text: `${text} ?`, output_text: text || 'a', [text]: text }),
  );
  const files = pathTricks(DECOY, 'x.png').map((fileUri) =>
    JSON.stringify({
      contents: [
        { role: 'user', parts: [{ fileData: { mimeType: 'image/png', fileUri } }, { text: 'a' }] },
        { role: 'model', parts: [{ text: 'b' }] },
      ],
    }),
  );
  await upload(inbox, 'files/train.jsonl', files.join('\n'));
  await upload(
    inbox,
    'files/tune.json',
    '{"base_model": "gemini-3.1-flash-lite", "dataset_uri": "train.jsonl"}',
  );
  await upload(inbox, 'h0/train.jsonl', rows.join('\n'));
  for (const [index, manifest] of all.entries())
    await upload(inbox, `h${index}/tune.json`, JSON.stringify(manifest));
  const runs = async () => {
    const { docs } = await stack.firestore.collection('runs').get();
    return docs.map((doc) => RunSchema.parse(doc.data()));
  };
  await until('every run has ended', async () => {
    const found = await runs();
    return found.length >= all.length + 1 && found.every(({ status }) => isTerminal(status.state));
  });
  const calls = stack.cloud.history.since(start);
  expect(calls.length).toBeGreaterThan(all.length);
  expect(
    calls.filter(({ caller, target }) => caller !== 'anybody' && target?.startsWith(`${DECOY}/`)),
  ).toEqual([]);
  expect(stack.functions.filter(({ restarts }) => restarts > 0)).toEqual([]);

  const found = await runs();
  const shown: string[] = [];
  const screen = createScreen({
    write: terminalOf({ write: (text) => void shown.push(text) }).write,
    ...{ colour: false, isLocal: true, now: () => 0 },
  });
  for (const run of found) screen.progress(run, { named: true });
  expect(steeringIn(shown.join(''))).toEqual([]);
  const results = stack.cloud.buckets.results;
  const { items = [] } = JSON.parse(
    (await send(new URL(stack.cloud.storage.baseUrl).host, `/storage/v1/b/${results}/o?maxResults=1000`, {}))
      .body,
  ) as { items?: { name: string }[] };
  const written = await Promise.all(
    items.map(({ name }) =>
      send(
        new URL(stack.cloud.storage.baseUrl).host,
        `/storage/v1/b/${results}/o/${encodeURIComponent(name)}?alt=media`,
        {},
      ),
    ),
  );
  const sinks = {
    documents: JSON.stringify(found),
    log: readFileSync(join(dataDir, 'cloud.log'), 'utf8'),
    terminal: shown.join(''),
    files: written.map(({ body }) => body).join('\n'),
    jobs: JSON.stringify([stack.cloud.vertex.jobs(), stack.cloud.vertex.tuningJobs()]),
  };
  expect(Object.entries(sinks).flatMap(([sink, text]) => (text.includes(CANARY) ? [sink] : []))).toEqual([]);
});

test('a read of the decoy would be seen', async () => {
  const start = stack.cloud.history.since().at(-1)?.order ?? 0;
  await ask('GET', `/storage/v1/b/${DECOY}/o/${OBJECT}?alt=media`, '');
  expect(stack.cloud.history.since(start).map(({ target }) => target)).toContain(`${DECOY}/${OBJECT}`);
});
