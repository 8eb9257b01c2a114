/** The stand-in for Google's bucket of public samples: small data sets of our own under the names that Google's guides have. */

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StorageClient } from '../client.ts';
import { contentTypeOf } from '../content-type.ts';

const SAMPLE_BUCKET = 'cloud-samples-data';

const GENERATIVE = 'ai-platform/generative_ai';
const EMBEDDING = 'ai-platform/embedding/goog-10k-2024/r11';
const GEMINI_VERSIONS = ['gemini', 'gemini-1_5', 'gemini-2_0'];

/** By object name: the file of this repository that stands for it. README.md says whose data it is. */
export const SAMPLES: Readonly<Record<string, string>> = {
  'vertex-ai/model-evaluation/peft_train_sample.jsonl': 'examples/medical-specialty/train.jsonl',
  'vertex-ai/model-evaluation/peft_eval_sample.jsonl': 'examples/medical-specialty/eval.jsonl',
  'vertex-ai/model-evaluation/peft_test_sample.jsonl': 'examples/text-bison/eval.jsonl',
  [`${GENERATIVE}/headline_classification.jsonl`]: 'local/storage/samples/headline_classification.jsonl',
  [`${GENERATIVE}/sql_create_context.jsonl`]: 'local/storage/samples/sql_create_context.jsonl',
  [`${EMBEDDING}/corpus.jsonl`]: 'examples/banking-embedding/corpus.jsonl',
  [`${EMBEDDING}/queries.jsonl`]: 'examples/banking-embedding/queries.jsonl',
  [`${EMBEDDING}/train.tsv`]: 'examples/banking-embedding/train.tsv',
  [`${EMBEDDING}/test.tsv`]: 'examples/banking-embedding/test.tsv',
  ...Object.fromEntries(
    GEMINI_VERSIONS.flatMap((version) => [
      [`${GENERATIVE}/${version}/text/sft_train_data.jsonl`, 'examples/gemini-contents/train.jsonl'],
      [`${GENERATIVE}/${version}/text/sft_validation_data.jsonl`, 'examples/gemini-contents/eval.jsonl'],
    ]),
  ),
};

/** Makes the bucket and uploads what is not in it yet, whoever runs the storage. */
export async function serveSamples(client: StorageClient, projectId: string): Promise<void> {
  await client.ensureBucket(projectId, SAMPLE_BUCKET);
  const there = new Map<string, string | undefined>();
  for await (const { name, md5Hash } of client.list(SAMPLE_BUCKET)) there.set(name, md5Hash);
  const upload = async ([name, path]: [name: string, path: string]) => {
    const file = fileURLToPath(new URL(`../../../${path}`, import.meta.url));
    if (there.get(name) === createHash('md5').update(readFileSync(file)).digest('base64')) return;
    const body = createReadStream(file);
    await client.upload({ bucket: SAMPLE_BUCKET, name, contentType: contentTypeOf(name), body });
  };
  await Promise.all(Object.entries(SAMPLES).map(upload));
}
