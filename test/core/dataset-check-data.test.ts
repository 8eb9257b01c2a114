import { expect, test } from 'vitest';
import type { Issue } from '../../shared/core/issues/catalog.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { lines, textLine, URI } from './dataset-samples.ts';

const LONG_INPUT = 'All happy families are alike. '.repeat(2000);

async function* fileWithLongInput() {
  yield Buffer.from(lines(100, textLine, { 2: textLine(1, { input_text: LONG_INPUT }) }).join('\n'));
}

async function codesOf(draft: Partial<Manifest>): Promise<string[]> {
  const issues: Issue[] = [];
  const file = { key: 'dataset_uri', uri: URI, chunks: fileWithLongInput() } as const;
  await checkData(draft, [file], { onIssue: (issue) => issues.push(issue) });
  return issues.map(({ code }) => code);
}

test.each([
  { model: 'text-bison@002', length: undefined, codes: ['token_limit_exceeded'] },
  { model: 'text-bison-32k@002', length: undefined, codes: [] },
  { model: 'text-bison-32k@002', length: '32k', codes: [] },
  { model: 'text-bison-32k@002', length: '8k', codes: ['token_limit_exceeded'] },
] as const)('$model with max_context_length $length has the limits of that length', async (sample) => {
  const { model, length, codes } = sample;
  const draft = { base_model: model, ...(length && { max_context_length: length }) };
  expect(await codesOf(draft)).toEqual(codes);
});
