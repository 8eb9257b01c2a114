import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { SAMPLES } from '../../local/storage/samples/samples.ts';
import { SAMPLE_DATA } from '../../shared/core/manifest/data-places.ts';
import { temporaryFolder } from '../support/service-options.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    ...{ dataDir: temporaryFolder(), scheduleMs: 150, taskMs: 20, trainer: 'stand-in' },
    emulators: {},
  });
});
afterAll(() => stack.close());

const sample = (name: string) => `gs://cloud-samples-data/${name}`;
const GENERATIVE = 'ai-platform/generative_ai';
const EMBEDDING = 'ai-platform/embedding/goog-10k-2024/r11';

/** As Google's guides name them. */
const MANIFESTS = {
  'the guide of text models': {
    base_model: 'text-bison@002',
    dataset_uri: sample('vertex-ai/model-evaluation/peft_train_sample.jsonl'),
    evaluation_data_uri: sample('vertex-ai/model-evaluation/peft_eval_sample.jsonl'),
  },
  'its data for Gemini': {
    base_model: 'gemini-3.1-flash-lite',
    dataset_uri: sample('vertex-ai/model-evaluation/peft_train_sample.jsonl'),
    evaluation_data_uri: sample('vertex-ai/model-evaluation/peft_test_sample.jsonl'),
  },
  headlines: {
    base_model: 'text-bison@002',
    dataset_uri: sample(`${GENERATIVE}/headline_classification.jsonl`),
  },
  'the guide of code models': {
    base_model: 'code-bison@002',
    dataset_uri: sample(`${GENERATIVE}/sql_create_context.jsonl`),
  },
  'the guide of embeddings': {
    base_model: 'textembedding-gecko@001',
    corpus_path: sample(`${EMBEDDING}/corpus.jsonl`),
    queries_path: sample(`${EMBEDDING}/queries.jsonl`),
    train_label_path: sample(`${EMBEDDING}/train.tsv`),
    test_label_path: sample(`${EMBEDDING}/test.tsv`),
  },
  'the guide of Gemini': {
    base_model: 'gemini-3.1-flash-lite',
    dataset_uri: sample(`${GENERATIVE}/gemini-2_0/text/sft_train_data.jsonl`),
    evaluation_data_uri: sample(`${GENERATIVE}/gemini-2_0/text/sft_validation_data.jsonl`),
  },
};

test.each(Object.entries(MANIFESTS))('samples of Google’s are tuned: %s', async (name, manifest) => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tune.json'), JSON.stringify({ ...manifest, model_display_name: 'sample' }));
  const run = await stack.follow(await stack.drop(folder, name.replaceAll(' ', '-')));
  expect(run.status.state, JSON.stringify(run.status)).toBe('SUCCEEDED');
});

test('the embedded cloud has every sample that a manifest may name, and no other', () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual([...SAMPLE_DATA].toSorted());
});
