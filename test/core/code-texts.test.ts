import { describe, expect, test } from 'vitest';
import { corrected } from './fix-samples.ts';
import { followRemedy } from './follow-remedy.ts';
import { toldOf } from './told.ts';

const ROWS = Array.from({ length: 120 }, (_, at) =>
  JSON.stringify({
    question: `Is tea ${at} at https://tea.com/# hot?`,
    answer: `"Yes", ${at} // or /* not */.`,
  }),
);
const list = ROWS.join(',\n');
const laidOut = ROWS.map((row) => JSON.stringify(JSON.parse(row), null, 2));

/** What is told of a file, and of what its remedy makes of it. */
async function followed(text: string) {
  const { issues } = await toldOf(text);
  const [{ remedy } = { remedy: '' }] = issues;
  const after = await toldOf(followRemedy(remedy, text));
  return { told: issues, codes: after.codes, examples: after.statistics.dataset_uri?.examples };
}

describe('code around the examples', () => {
  test.each([
    ['a module', `'use strict';\n\nmodule.exports = [\n${list}\n];\n`],
    [
      'a constant that is exported below',
      `// rows\nconst rows: Row[] = [\n${list}\n];\n\nexport default rows;\n`,
    ],
    ['a member of an object', `window.app["rows"] = [\n${list}\n];\n`],
    ['an object with the list', `window.rows = {"data": [\n${list}\n]};\n`],
    ['a call', `callback([\n${list}\n]);\n`],
    ['a call on one line', `callback([${ROWS}]);`],
    ['a call behind a comment', `/**/jQuery123_4({"data": [\n${list}\n]})\n`],
    ['Python with a comment and an import', `# rows\nimport json\n\nROWS = [\n${list}\n]\n`],
  ])('of %s is told once, and its remedy and the correction lead out', async (_name, text) => {
    const { told, codes, examples } = await followed(text);
    expect(told).toMatchObject([
      { code: 'dataset_not_lines', found: expect.stringContaining('code around') },
    ]);
    expect([codes, examples]).toEqual([['dataset_converted'], 120]);
    expect(rowsIn((await corrected(text)).text)).toEqual(ROWS);
  });

  test('is left where more stands behind the list', async () => {
    const { why } = await corrected(`const rows = [\n${list}\n];\nfunction first() { return rows[0]; }\n`);
    expect(why).toContain('more behind the end of the list');
  });
});

const rowsIn = (text: string | undefined) => text?.trimEnd().split('\n');

describe('comments among the examples', () => {
  test.each([
    ['before a list', `// rows\n[\n${list}\n]\n`],
    ['in a list', `[\n// don't "touch\n${ROWS.join(',\n/* more\n "it\'s" */\n')}\n]\n`],
    ['behind examples of a list', `[\n${ROWS.join(', // ok\n')}\n]\n`],
    [
      'in examples that are laid out',
      `[\n${laidOut.join(',\n').replaceAll('{\n', '{ // row\n  /* asked */\n')}\n]\n`,
    ],
    ['between lines', `# rows\n${ROWS.join('\n# next\n')}\n`],
  ])('%s are told once, and the remedy and the correction take them out', async (_name, text) => {
    const { told, codes, examples } = await followed(text);
    expect(told).toMatchObject([
      { code: 'dataset_not_lines', found: expect.stringContaining('comments among') },
    ]);
    expect(codes.filter((code) => code !== 'dataset_blank_lines')).toEqual(['dataset_converted']);
    expect(examples).toBe(120);
    const written = rowsIn((await corrected(text)).text)?.map((row) => JSON.stringify(JSON.parse(row)));
    expect(written).toEqual(ROWS);
  });

  test.each([
    [
      'texts with line feeds in them',
      ROWS.map((row) => row.replace('tea ', 'tea:\n# Title\n// so\n')).join('\n'),
    ],
    ['a text without its end before an address', `${ROWS[0]?.replace('hot?"', 'hot?')}\n${ROWS.join('\n')}`],
    [
      'a quote too many before what looks like one',
      `${ROWS[0]?.replace('hot?', 'h"ot // so?')}\n${ROWS.join('\n')}`,
    ],
    ['lines of JSON', ROWS.join('\n')],
    ['a title and prose', '# Tea\n\nIt is hot. See // there.\nIt is cold.\n'],
  ])('are none in %s', async (_name, text) => {
    expect((await toldOf(text)).issues.map(({ found }) => found)).not.toContainEqual(
      expect.stringContaining('comments among'),
    );
  });
});

describe('a merge conflict', () => {
  const conflict = (bars: string) =>
    `${ROWS.slice(0, 50).join('\n')}\n<<<<<<< HEAD\n${ROWS.slice(50, 80).join('\n')}\n${bars}=======\n${ROWS.slice(80).join('\n')}\n>>>>>>> more\n`;
  test.each([
    ['of two sides', conflict('')],
    ['with what both were before', conflict(`||||||| 1a2b\n{"question": "Old?", "answer": "Yes"}\n`)],
    ['with line ends of Windows', conflict('').replaceAll('\n', '\r\n')],
  ])(
    '%s: the command keeps the examples of both sides, and the correction says why it does nothing',
    async (_name, text) => {
      const { told, codes, examples } = await followed(text);
      expect(told).toMatchObject([{ code: 'dataset_not_lines' }]);
      expect([codes, examples]).toEqual([['dataset_converted'], 120]);
      expect((await corrected(text)).why).toContain('which side is right, nobody else knows');
    },
  );
});

describe('XML', () => {
  const element = (row: string) => {
    const { question, answer } = JSON.parse(row);
    return `  <row>\n    <question>${question}</question>\n    <answer><![CDATA[${answer}]]></answer>\n  </row>\n`;
  };
  const rows = ROWS.map(element).join('');
  test.each([
    ['with a declaration', `<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n${rows}</rows>\n`],
    ['with a name space', `<rows xmlns="http://tea.com/rows">\n${rows}</rows>\n`],
    [
      'behind a comment and a type',
      `<!-- rows -->\n<!DOCTYPE rows SYSTEM "rows.dtd">\n<rows>\n${rows}</rows>\n`,
    ],
    ['without one element around all', rows],
    ['deeper', `<all><page>\n${rows}</page></all>\n`],
    [
      'in attributes',
      `<rows>\n${ROWS.map((_, at) => `<row question="Tea ${at}?" answer="Yes ${at}"/>\n`).join('')}</rows>\n`,
    ],
  ])('%s is told once, and the remedy makes rows of it', async (_name, text) => {
    const { told, codes, examples } = await followed(text);
    expect(told).toMatchObject([{ code: 'dataset_not_lines', found: 'XML' }]);
    expect([codes, examples]).toEqual([['dataset_converted'], 120]);
  });

  test.each([
    [
      'an error of a storage service',
      '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>\n',
      'the error of a storage',
    ],
    ['a web page behind a comment', '<!-- saved -->\n<html><body>404</body></html>\n', 'a web page'],
  ])('%s is told as that', async (_name, text, found) => {
    expect((await toldOf(text)).issues).toMatchObject([{ found: expect.stringContaining(found) }]);
  });
});

test.each([
  ['semicolons', '#separator:Semicolon\n#html:false\n', ';'],
  ['names of the columns', '#separator:tab\n#html:true\n#columns:Front\tBack\n', '\t'],
  ['a comma as it is', '#separator:,\n#html:true\n', ','],
])('notes of Anki with %s are rows once the remedy was carried out', async (_name, head, mark) => {
  const rows = Array.from({ length: 120 }, (_, at) => `Tea ${at}?${mark}"Yes, ""${at}"";\nhot"${mark}tag\n`);
  const { told, codes, examples } = await followed(`${head}${rows.join('')}`);
  expect(told).toMatchObject([{ code: 'dataset_not_lines', found: expect.stringContaining('Anki') }]);
  expect([codes, examples]).toEqual([['dataset_converted'], 120]);
});
