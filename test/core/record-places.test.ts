import { expect, test } from 'vitest';
import { createCatalogLog, reportGroup, reportIssue } from '../../shared/core/issues/catalog.ts';
import { placeInWords } from '../../shared/core/issues/report.ts';
import { checkData } from '../../shared/flows/check-data.ts';

const row = (index: number) => ({ question: `What is ${index}?`, answer: `It is ${index}.` });
const ROWS = Array.from({ length: 12 }, (_, index) => row(index + 1));
/** The same rows, of which some have no question. */
const without = (...wrong: number[]) =>
  ROWS.map((one, index) => (wrong.includes(index + 1) ? { question: '', answer: one.answer } : one));

/** Where the empty fields are, together in words and one by one. */
async function placesIn(text: string) {
  const log = createCatalogLog({ list: 100 });
  const chunks = (async function* () {
    yield Buffer.from(text);
  })();
  const file = { key: 'dataset_uri', uri: 'train', chunks } as const;
  const { linesIn } = await checkData({ base_model: 'gemini-2.5-flash' }, [file], { onIssue: log.add });
  const ofFields = log.groups.filter(({ first }) => first.code === 'field_empty');
  return {
    words: ofFields.map((group) => placeInWords(reportGroup(group, linesIn))),
    single: log.listed.filter(({ code }) => code === 'field_empty').map((issue) => reportIssue(issue).record),
  };
}

test.each<[what: string, text: string, words: string, records: (number | undefined)[]]>([
  ['one record of an array on one line', JSON.stringify(without(5)), 'line 1, record 5, question', [5]],
  [
    'several of them',
    JSON.stringify(without(2, 5, 7, 8, 9)),
    'line 1, records 2, 5, 7 and 2 more, question',
    [2, 5, 7, 8, 9],
  ],
  ['the list of an object', JSON.stringify({ data: without(5) }), 'line 1, record 5, question', [5]],
  ['an array that is laid out', JSON.stringify(without(2), null, 2), 'line 6, record 2, question', [2]],
  [
    'a file of lines, which tell it',
    without(5)
      .map((one) => JSON.stringify(one))
      .join('\n'),
    'line 5, question',
    [undefined],
  ],
])('a fault is told with the number of its record in %s', async (_, text, words, records) => {
  expect(await placesIn(text)).toEqual({ words: [words], single: records });
});
