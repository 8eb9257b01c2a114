import { expect, test } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkFiles, files, HEADER, labels } from './embedding-samples.ts';
import { followRemedy } from './follow-remedy.ts';

const WITHOUT_HEADER = labels().slice(HEADER.length + 1);
const withHeader = (header: string) => `${header}\n${WITHOUT_HEADER}`;
const asJson = labels()
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')
  .map((line) => {
    const [query, document, score] = line.split('\t');
    return JSON.stringify({ 'query-id': query, 'corpus-id': document, score: Number(score) });
  });

test.each<[string, string, Record<string, string>?]>([
  ['no header', WITHOUT_HEADER],
  ['other names', withHeader('query_id\tdoc_id\tScore')],
  ['commas', labels().replaceAll('\t', ',')],
  [
    'commas and quotes, as a spreadsheet writes them',
    labels()
      .replaceAll(/[^\t\n]+/g, '"$&"')
      .replaceAll('\t', ','),
  ],
  ['semicolons and no header', WITHOUT_HEADER.replaceAll('\t', ';')],
  ['spaces', labels().replaceAll('\t', '  ')],
  ['JSON', asJson.join('\n')],
  [
    'columns in another order',
    labels().replaceAll(/^([^\t]+)\t([^\t]+)/gm, '$2\t$1'),
    { QUERY: '2', DOCUMENT: '1', SCORE: '3' },
  ],
])(
  'labels with %s are written as they should be by the command of the remedy',
  (_name, wrong, columns = {}) => {
    const { issues } = checkFiles(files({ train_label_path: wrong }));
    const [first] = issues;
    const told = first && reportIssue(first);
    const remedy = Object.entries(columns).reduce(
      (text, [name, column]) => text.replaceAll(`$${name}`, `$${column}`),
      told?.remedy ?? '',
    );
    const fixed = followRemedy(remedy, wrong).toString();
    expect(fixed.trim()).toBe(labels().trim());
    expect(checkFiles(files({ train_label_path: fixed })).issues).toEqual([]);
  },
);
