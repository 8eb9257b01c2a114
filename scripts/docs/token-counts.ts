/** How well tokens are counted: our numbers beside those of the real tokenizer, which were recorded. */
import { CORPORA } from '../tokens/corpora.ts';
import { estimateOf, SMALL_BUDGET } from '../tokens/judge.ts';
import recorded from '../tokens/true-counts.json' with { type: 'json' };
import { heading, markdownTable, pageText } from './markdown.ts';

const number = (value: number) => value.toLocaleString('en-US');

export function renderTokenCounts(): string {
  const rows = recorded.rows.map((row) => ({ ...row, corpus: corpusOf(row.name) }));
  return pageText(
    heading('How tokens are counted', '`scripts/docs/token-counts.ts` and `scripts/tokens/true-counts.json`'),
    'The tokens of a data set are counted before anything is paid for, with Gemma 3’s vocabulary ([why, and how](decisions/0009-tokens-are-counted-with-a-table-of-our-own.md)). ' +
      'The true counts are those of `@huggingface/tokenizers` 0.2.0 on Gemma 3’s `tokenizer.json`, recorded on ' +
      `${recorded.recordedOn} by \`scripts/tokens/record-true-counts.ts\`. Texts are counted without the marks between turns.`,
    '## As a check counts them',
    'A file whose counting takes less than about a fifth of a second is counted text by text.',
    markdownTable(
      ['texts', 'from', 'number', 'bytes', 'true tokens', 'ours', 'error', 'interval', 'true count within'],
      rows.map(({ name, corpus, texts, bytes, tokens }) => [
        name,
        corpus.origin,
        number(texts),
        number(bytes),
        number(tokens),
        ...judged(estimateOf(corpus.texts()), tokens),
      ]),
    ),
    '## As a large file is sampled',
    'The same texts with a sixteenth of the budget, as if the file were sixteen times as large: most texts are not looked at.',
    markdownTable(
      ['texts', 'true tokens', 'ours', 'error', 'interval', 'true count within'],
      rows
        .filter(({ bytes }) => bytes > 500_000)
        .map(({ name, corpus, tokens }) => [
          name,
          number(tokens),
          ...judged(estimateOf(corpus.texts(), SMALL_BUDGET), tokens),
        ]),
    ),
    '## What it takes',
    `Processor time on two cores that others used too, Node 24, recorded with the counts. The vocabulary is read once an instance: ${recorded.loadMs} ms. ` +
      'The check is that of the same texts as a data set, without counting.',
    markdownTable(
      ['texts', 'bytes', 'counting, ms', 'the check, ms'],
      rows.map(({ name, bytes, countMs, checkMs }) => [
        name,
        number(bytes),
        number(countMs),
        number(checkMs),
      ]),
    ),
  );
}

function corpusOf(name: string) {
  const corpus = CORPORA.find((one) => one.name === name);
  if (corpus === undefined) throw new RangeError(`no texts for the recorded count of ${name}`);
  return corpus;
}

function judged({ low, estimate, high }: ReturnType<typeof estimateOf>, truth: number): string[] {
  const error = `${((100 * (estimate - truth)) / truth).toFixed(2)} %`;
  const interval = low === high ? 'exact' : `${number(low)} to ${number(high)}`;
  return [number(estimate), error, interval, low <= truth && truth <= high ? 'yes' : 'no'];
}
