/** Folders with a fault each, of every kind that people bring, and what is left of it when they were corrected. */
import { gzipSync } from 'node:zlib';
import { formFile } from '../core/form-samples.ts';
import { type BrokenFolder, FORM_FOLDERS } from './fix-corpus-forms.ts';

const pair = (index: number) => ({ input_text: `What is ${index} + 1?`, output_text: `It is ${index + 1}.` });
const OBJECTS = Array.from({ length: 12 }, (_, index) => pair(index));
const LINES = OBJECTS.map((one) => JSON.stringify(one));
const SOUND = LINES.map((line) => `${line}\n`).join('');
const pretty = OBJECTS.map((one) => JSON.stringify(one, null, 2));
const inRow = (separator: string, header: string) =>
  [
    header.replaceAll(',', separator),
    ...OBJECTS.map((one) => `"${one.input_text}"${separator}"${one.output_text}"`),
  ]
    .map((row) => `${row}\r\n`)
    .join('');
/** Each line with a word in it, in some bytes. */
const withWord = (word: Buffer) =>
  Buffer.concat(
    LINES.flatMap((line) => [Buffer.from(line.slice(0, 16)), word, Buffer.from(`${line.slice(16)}\n`)]),
  );
const hex = (bytes: string) => Buffer.from(bytes, 'hex');
const LONG = 'many words of a long answer '.repeat(600);

const TEXT = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' };
const text = (train: string | Uint8Array, more: Partial<BrokenFolder> = {}): BrokenFolder => ({
  ...{ manifest: TEXT, files: { 'train.jsonl': train }, examples: 12 },
  ...more,
});
const named = (name: string, train: string | Uint8Array, more: Partial<BrokenFolder> = {}) =>
  text('', { manifest: { ...TEXT, dataset_uri: name }, files: { [name]: train }, ...more });

const OF_THE_TEXT: Record<string, BrokenFolder> = {
  'a byte order mark': text(`\ufeff${SOUND}`),
  'UTF-16, little-endian': text(Buffer.from(`\ufeff${SOUND}`, 'utf16le')),
  'UTF-16, big-endian': text(Buffer.from(`\ufeff${SOUND}`, 'utf16le').swap16()),
  'UTF-16 without a mark': text(Buffer.from(SOUND, 'utf16le')),
  GBK: text(withWord(hex('bdf1ccecccecc6f8bada'))),
  'Shift-JIS': text(withWord(hex('8da193fa82cd9356'))),
  'EUC-KR': text(withWord(hex('bfc0b4c3c0ba20b3afbebe'))),
  'Windows-1252': text(withWord(Buffer.from('très à la fin', 'latin1'))),
  'an encoding that does not show': text(withWord(hex('cfeef7e5ecf3')), {
    left: { dataset_other_encoding: 'which encoding it is, a person says with --encoding' },
    examples: 0,
  }),
  'an encoding that is named': text(withWord(hex('cfeef7e5ecf3')), { args: ['--encoding', 'windows-1251'] }),
  'one line in another encoding': text(
    Buffer.concat([Buffer.from(SOUND), Buffer.from('{"input_text": "é", "output_text": "a"}\n', 'latin1')]),
    {
      left: { line_not_utf8: 'which encoding the line has, a person says with --encoding' },
      examples: 13,
    },
  ),
  'CR LF': text(SOUND.replaceAll('\n', '\r\n')),
  'CR alone': text(SOUND.replaceAll('\n', '\r')),
  'one CR': text(SOUND.replace('\n', '\r')),
  'a Unicode separator': text(SOUND.replace('\n', '\u2028')),
  'no separator at all': text(LINES.join('')),
  'blank lines': text(SOUND.replaceAll('\n', '\n\n')),
  'a comma after each line': text(LINES.join(',\n')),
  'a comma after some lines': text(SOUND.replace('\n', ',\n')),
  'commas inside': text(SOUND.replaceAll('}', ', }')),
  numbers: text(LINES.map((line, index) => `${index + 1}. ${line}\n`).join('')),
  bullets: text(LINES.map((line) => `* ${line}\n`).join('')),
  'JSON made twice': text(LINES.map((line) => `${JSON.stringify(line)}\n`).join('')),
  'JSON made twice on some lines': text(SOUND.replace(LINES[4] ?? '', (line) => JSON.stringify(line))),
  'raw tabs': text(SOUND.replaceAll('What', 'What\t')),
  'a mark at each seam': text(`${SOUND.replaceAll('\n', '\n\ufeff')}`.slice(0, -1)),
  'a code block': text(`Here you are:\n\`\`\`json\n${SOUND}\`\`\`\n`),
  events: text(`${LINES.map((line) => `data: ${line}\n\n`).join('')}data: [DONE]\n\n`),
};

const OF_THE_CONTAINER: Record<string, BrokenFolder> = {
  'an array': named('train.json', JSON.stringify(OBJECTS)),
  'an array laid out': named('train.json', JSON.stringify(OBJECTS, null, 2)),
  'an array of a line each': named('train.json', `[\n${LINES.join(',\n')},\n]\n`),
  'arrays on lines': text(`[${LINES.slice(0, 6)}]\n[${LINES.slice(6)}]\n`),
  'examples laid out': text(pretty.join('\n')),
  'examples laid out, with commas': text(pretty.join(',\n')),
  'a list in an object': named('data.json', JSON.stringify({ version: 1, data: OBJECTS })),
  'a list of a line each in an object': named('data.json', `{"data": [\n${LINES.join(',\n')}\n]}`),
  'rows of a page of a data set': named(
    'rows.json',
    JSON.stringify({
      features: [{ feature_idx: 0, name: 'input_text' }],
      rows: OBJECTS.map((row, row_idx) => ({ row_idx, row, truncated_cells: [] })),
    }),
  ),
  'examples in a member of each': text(LINES.map((line, id) => `{"id": ${id}, "data": ${line}}\n`).join('')),
  'a list in a text of an object': named(
    'data.json',
    JSON.stringify({ n: 1, data: JSON.stringify(OBJECTS) }),
  ),
  'lines in a text of an object': named('data.json', JSON.stringify({ status: 200, body: SOUND }, null, 2)),
  'a list in a text': named('data.json', JSON.stringify(JSON.stringify(OBJECTS))),
  'an object around a list in a text': named(
    'data.json',
    JSON.stringify({ body: JSON.stringify({ items: OBJECTS }) }),
  ),
  'a list of texts': named('data.json', JSON.stringify(LINES)),
  'a list of texts in an object, laid out': named(
    'data.json',
    JSON.stringify({ rows: LINES, n: 1 }, null, 2),
  ),
  'code around a list': text(
    `'use strict';\n// the examples\nconst data = [\n${LINES.join(',\n')},\n];\n\nmodule.exports = data;\n`,
  ),
  'a call with a list': text(`callback([\n${LINES.join(',\n')}\n]);\n`),
  'a call with an object': text(`/**/jQuery_1({"data": [${LINES}]})`),
  'an assignment to an object': text(`window.data = {"rows": [\n${LINES.join(',\n')}\n]};\n`),
  'comments in a list': text(`/* by hand */\n[\n// one\n${LINES.join(', // more\n')}\n]\n`),
  'comments between lines': text(`# by hand\n${LINES.join('\n// next\n')}\n`),
  'comments in objects that are laid out': text(
    `[\n${pretty.join(',\n').replaceAll('{\n', '{\n  // asked\n')}\n]\n`,
  ),
  CSV: named('train.csv', inRow(',', 'input_text,output_text')),
  TSV: named('train.tsv', inRow('\t', 'Input Text,Output Text')),
  'a table with semicolons': named('train.csv', inRow(';', 'prompt,completion')),
  'CSV in Windows-1252': named(
    'train.csv',
    Buffer.from(inRow(',', 'question,answer').replaceAll('What', 'Où café'), 'latin1'),
  ),
  'CSV with messages in its cells': named(
    'train.csv',
    `messages\n${OBJECTS.map((row) =>
      JSON.stringify([
        { role: 'user', content: row.input_text },
        { role: 'assistant', content: row.output_text },
      ]),
    )
      .map((cell) => `"${cell.replaceAll('"', '""')}"\n`)
      .join('')}`,
  ),
  'CSV with empty rows': named('train.csv', `${inRow(',', 'input_text,output_text')},\r\n"",""\r\n`),
  'data that is to stay as it is': text(JSON.stringify(OBJECTS), { manifest: { ...TEXT, convert: false } }),
};

const OF_ROWS: Record<string, BrokenFolder> = {
  duplicates: text(`${SOUND}${SOUND}`),
  'a duplicate in another spelling': text(
    `${SOUND}${JSON.stringify(pair(3), ['output_text', 'input_text'])}\n`,
  ),
  'empty rows': text(
    `${SOUND}{}\n{"input_text": "", "output_text": " "}\n{"input_text": null, "output_text": null}\n`,
  ),
  'fields that are spelt otherwise': text(
    SOUND.replaceAll('input_text', 'inputText').replaceAll('output_text', 'OUTPUT-TEXT'),
  ),
  'a row over the limit': text(`${SOUND}${JSON.stringify({ input_text: 'Go on', output_text: LONG })}\n`, {
    left: { token_limit_exceeded: 'whether it is cut or left out, a person says with --over-limit' },
    examples: 13,
  }),
  'a row over the limit, to be cut': text(
    `${SOUND}${JSON.stringify({ input_text: 'Go on', output_text: LONG })}\n`,
    {
      ...{ args: ['--over-limit', 'cut'], examples: 13 },
    },
  ),
  'a row over the limit, to be left out': text(
    `${SOUND}${JSON.stringify({ input_text: 'Go on', output_text: LONG })}\n`,
    {
      args: ['--over-limit', 'leave-out'],
    },
  ),
};

const OF_TWO_FILES: Record<string, BrokenFolder> = {
  'two files': {
    manifest: {
      base_model: 'gemini-3.1-flash-lite',
      dataset_uri: 'data/train.csv',
      evaluation_data_uri: 'train.jsonl',
    },
    files: { 'data/train.csv': inRow(',', 'prompt,completion'), 'train.jsonl': formFile('plain_pair') },
    examples: 12,
  },
};

const query = (index: number) => JSON.stringify({ _id: `q${index}`, text: `query ${index}` });
const document = (index: number) => JSON.stringify({ _id: `d${index}`, text: `document ${index}` });
const QUERIES = Array.from({ length: 10 }, (_, index) => query(index));
const DOCUMENTS = Array.from({ length: 10 }, (_, index) => document(index));
const LABELS = QUERIES.map((_, index) => `q${index}\td${index}\t1\n`).join('');
const HEADER = 'query-id\tcorpus-id\tscore\n';
const EMBEDDING = {
  base_model: 'text-embedding-005',
  ...{ queries_path: 'queries.jsonl', corpus_path: 'corpus.jsonl', train_label_path: 'train.tsv' },
};
const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
const embedding = (
  files: Record<string, string | Uint8Array>,
  more: Partial<BrokenFolder> = {},
): BrokenFolder => ({
  manifest: EMBEDDING,
  files: {
    'queries.jsonl': lines(QUERIES),
    'corpus.jsonl': lines(DOCUMENTS),
    'train.tsv': `${HEADER}${LABELS}`,
    ...files,
  },
  ...more,
});
const triple = (index: number) =>
  JSON.stringify({ query: `query ${index}`, pos: [`yes ${index}`], neg: [`no ${index}`] });

const OF_EMBEDDING: Record<string, BrokenFolder> = {
  'queries in an array': embedding({ 'queries.jsonl': `[${QUERIES}]` }),
  'records laid out, and numbered': embedding({
    'queries.jsonl': lines(QUERIES.map((line) => JSON.stringify(JSON.parse(line), null, 1))),
    'corpus.jsonl': lines(DOCUMENTS.map((line, index) => `${index}. ${line},`)),
  }),
  'records that are there twice': embedding({ 'corpus.jsonl': lines([...DOCUMENTS, document(2)]) }),
  'two records with one id': embedding(
    { 'corpus.jsonl': lines([...DOCUMENTS, JSON.stringify({ _id: 'd2', text: 'another' })]) },
    { left: { record_id_duplicate: 'which of the two is meant, a person knows' } },
  ),
  'labels with CR LF and a mark': embedding({
    'train.tsv': `\ufeff${HEADER}${LABELS}`.replaceAll('\n', '\r\n'),
  }),
  'labels with CR alone': embedding({ 'train.tsv': `${HEADER}${LABELS}`.replaceAll('\n', '\r') }),
  'labels that are there twice': embedding({ 'train.tsv': `${HEADER}${LABELS}${LABELS}` }),
  'judgements of TREC': embedding({ 'train.tsv': LABELS.replaceAll('\td', ' 0 d').replaceAll('\t', ' ') }),
  'queries with their texts': embedding(
    { 'triples.jsonl': lines(QUERIES.map((_, index) => triple(index))) },
    {
      manifest: {
        base_model: EMBEDDING.base_model,
        queries_path: 'triples.jsonl',
        corpus_path: 'triples.jsonl',
        train_label_path: 'triples.jsonl',
      },
    },
  ),
};

const manifest = (wrong: string | Uint8Array | object, more: Partial<BrokenFolder> = {}): BrokenFolder =>
  text(SOUND, { manifest: wrong, ...more });
const RIGHT = JSON.stringify(TEXT, null, 2);

const OF_THE_MANIFEST: Record<string, BrokenFolder> = {
  'a manifest in UTF-16': manifest(Buffer.from(`\ufeff${RIGHT}`, 'utf16le')),
  'a manifest with a mark': manifest(`\ufeff${RIGHT}`),
  'a manifest with a comma too many': manifest(RIGHT.replace('\n}', ',\n}')),
  'values in quotes': manifest({ ...TEXT, train_steps: '40', learning_rate_multiplier: '1.0' }),
  'keys in other case': manifest({ ...TEXT, trainSteps: 40, 'Model-Display-Name': 'reviews' }),
  'a key in other case, its value in quotes': manifest({ ...TEXT, trainSteps: '40' }),
  'a key in Google’s words, its value in quotes': manifest({
    ...{ baseModel: 'gemini-3.1-flash-lite', region: 'US-CENTRAL1' },
    supervisedTuningSpec: { trainingDatasetUri: 'train.jsonl' },
  }),
  'a file in other case': manifest({ ...TEXT, dataset_uri: 'Train.JSONL' }),
  'a key that is there in both': manifest(
    { ...TEXT, train_steps: 40, trainSteps: 50 },
    { left: { unknown_key: 'which of the two is meant, a person knows' } },
  ),
  'a value that is none': manifest(
    { ...TEXT, train_steps: 'many' },
    { left: { invalid_value: 'how many, a person knows' } },
  ),
  'a manifest in comments': {
    ...manifest(RIGHT.replace('{', '{ // mine')),
    left: { manifest_not_json: 'what a comment is for, a person knows' },
  },
};

const person = (train: string | Uint8Array, code: string, why: string): BrokenFolder => ({
  manifest: TEXT,
  files: { 'train.jsonl': train },
  left: { [code]: why },
});
const ELSEWHERE = 'the data lies elsewhere';

const OF_A_PERSON: Record<string, BrokenFolder> = {
  'a pointer of Git LFS': person(
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1\n',
    'dataset_not_lines',
    ELSEWHERE,
  ),
  'a web page': person('<!DOCTYPE html><html><body>Not found</body></html>', 'dataset_not_lines', ELSEWHERE),
  'an error of a storage': person(
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
    'dataset_not_lines',
    ELSEWHERE,
  ),
  'a merge conflict': person(
    SOUND.replace('\n', '\n<<<<<<< HEAD\n').replace(/$/, '>>>>>>> x\n'),
    'dataset_not_lines',
    'which side is meant, a person knows',
  ),
  Parquet: person('PAR1\x15\0', 'dataset_not_lines', 'it is exported where it comes from'),
  Excel: person(
    Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'latin1'),
    'dataset_not_lines',
    'it is exported where it comes from',
  ),
  gzip: person(gzipSync(SOUND), 'dataset_compressed', 'it is unpacked first'),
  'a table of other columns': person(
    'text,label\na,b\nc,d\n',
    'table_columns_unknown',
    'what the columns are, a person knows',
  ),
  'a table without a header': person(
    'a,b\nc,d\ne,f\n',
    'table_columns_unknown',
    'what the columns are, a person knows',
  ),
  'a row with a cell too many': person(
    `${inRow(',', 'input_text,output_text')}a,b,c\r\n`,
    'table_row_cells',
    'where the quotes belong, a person knows',
  ),
  'an array without its end': person(
    JSON.stringify(OBJECTS).slice(0, -20),
    'line_not_json',
    'what is missing, a person knows',
  ),
  'an array with a fault in it': person(
    JSON.stringify(OBJECTS).replace('"It is 3."', 'nan'),
    'line_not_json',
    'what the answer is, a person knows',
  ),
  'a line that is cut off': person(
    `${SOUND}{"input_text": "What`,
    'line_not_json',
    'what is missing, a person knows',
  ),
  'a line in single quotes': person(
    `${SOUND}{'input_text': 'a', 'output_text': 'it's'}\n`,
    'line_not_json',
    'where the text ends, a person knows',
  ),
  'a missing field': person(
    `${SOUND}{"input_text": "Why?"}\n`,
    'field_missing',
    'what the answer is, a person knows',
  ),
  'an empty answer': person(
    `${SOUND}{"input_text": "Why?", "output_text": ""}\n`,
    'field_empty',
    'what the answer is, a person knows',
  ),
  'a field that is there twice': person(
    `${SOUND}{"input_text": "a", "input_text": "b", "output_text": "c"}\n`,
    'duplicate_key',
    'which of the two is meant, a person knows',
  ),
  'half a character': person(
    `${SOUND}{"input_text": "a\\ud83d", "output_text": "c"}\n`,
    'lone_surrogate',
    'what stood there, a person knows',
  ),
  'too few examples': person(lines(LINES.slice(0, 4)), 'dataset_too_few_examples', 'a person has more'),
  'nothing at all': person('', 'dataset_empty', 'a person has more'),
};

export const BROKEN_FOLDERS: Record<string, BrokenFolder> = {
  ...OF_THE_TEXT,
  ...OF_THE_CONTAINER,
  ...OF_ROWS,
  ...OF_TWO_FILES,
  ...FORM_FOLDERS,
  ...OF_EMBEDDING,
  ...OF_THE_MANIFEST,
  ...OF_A_PERSON,
};
