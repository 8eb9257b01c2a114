import { atFirstPlace, counted } from './dataset-words.ts';
import { FOREIGN_FORMATS, type ForeignFormat } from './foreign-formats.ts';

/** What another form may have no place for, and what becomes of it where the manifest accepts that. */
export const LOSSES = {
  pair: {
    what: 'a second, worse answer',
    effect: 'the better answer alone is trained on',
    instead:
      'For tuning on preferences, name a Gemini model that has it, with "tuning_method": "preference".',
  },
  unwanted: {
    what: 'answers that a field marks as bad, as for KTO (unpaired preferences)',
    effect: 'these examples are left out',
    instead: 'Without the field alone the bad answers would be learnt like the good ones.',
  },
  unread: {
    what: 'a file that stands in the line or is kept elsewhere, one of no known type, or a step of a tool that is no call',
    effect: 'these examples are left out',
  },
  images: { what: 'an image', effect: 'these examples are left out' },
  files: { what: 'a document, a recording or a video', effect: 'these examples are left out' },
  calls: {
    what: 'calls of functions and their results',
    effect: 'they are taken out of the conversation, and examples that end with a call are left out',
  },
  tools: { what: 'declarations of functions', effect: 'they are left out' },
  schema: {
    what: 'words of JSON Schema in declarations of functions that Google’s Schema does not have',
    effect: 'these words are left out',
  },
  thoughts: { what: 'what the model thought before it answered', effect: 'it is left out' },
  others: { what: 'further answers to the same question', effect: 'the first one alone is trained on' },
  moved: {
    what: 'a system instruction between the turns',
    effect: 'it is written before all of them',
  },
  system: { what: 'a system instruction', effect: 'it is written before the question' },
  turns: { what: 'more than one question and its answer', effect: 'these examples are left out' },
  weights: { what: 'weights of answers', effect: 'every answer counts alike' },
  names: { what: 'names of those who speak', effect: 'they are left out' },
  fields: { what: 'fields that no example of this form has', effect: 'they are left out' },
} as const satisfies Record<string, LossRow>;
export type Loss = keyof typeof LOSSES;

interface LossRow {
  what: string;
  effect: string;
  /** Another way out than the manifest's word or the file's change. */
  instead?: string;
}

/** A kind of thing that is lost, in how many examples, and where it is first. */
export interface LossCount {
  loss: Loss;
  examples: number;
  firstLine: number;
  /** The number of the first record, where several may be on a line. */
  firstRecord?: number | undefined;
  /** The first names, where fields are lost. */
  fields?: string[] | undefined;
}

/** A loss in words: what, and its names. */
export const lossWords = ({ loss, fields = [] }: LossCount): string =>
  [LOSSES[loss].what, fields.length > 0 ? `: ${fields.join(', ')}` : ''].join('');

const WHY =
  'The model takes another form of examples. What converts without loss is converted: the uploaded file stays as it is, the checked copy is written in the form of the model, and the job is trained on that. docs/data-forms.md has every form, and what each can hold.';

/** What a file may have around its examples, in place of a line for each. */
export const CONTAINERS = {
  lines: 'one a line',
  values: 'laid out over several lines',
  array: 'in one JSON array',
  list: 'in a list inside of one JSON object',
  members: 'under names of their own in one JSON object',
  table: 'in a table with a header',
  paragraphs: 'in plain text with a blank line between them',
} as const satisfies Record<string, string>;
export type ContainerName = keyof typeof CONTAINERS;

interface ConversionFields {
  from: ForeignFormat;
  to: ForeignFormat;
  examples: number;
}

/** What is said of data in another form than the model's. */
export const CONVERSION_ISSUES = {
  dataset_converted: {
    severity: 'advice',
    title: 'The data set is converted',
    why: `${WHY} Fields that only tell examples apart are named in a notice of their own.`,
    text: (fields: ConversionFields & { container: ContainerName }) => ({
      found: `${counted(fields.examples, 'example')} in ${nameIn(fields)}${aroundIn(fields)}`,
      expected: `${FOREIGN_FORMATS[fields.to].name}, one a line`,
      remedy: 'Nothing has to be done: the job is trained on a converted copy.',
    }),
  },
  conversion_loses: {
    severity: 'error',
    title: 'The conversion would lose something',
    why: `${WHY} What the form of the model has no place for is never left out without a word: the manifest says whether it may be.`,
    text: (fields: ConversionFields & { losses: LossCount[]; isAccepted: boolean }) => ({
      found: `in ${FOREIGN_FORMATS[fields.from].name}: ${fields.losses.map(countedLoss).join('; ')}`,
      expected: `what ${FOREIGN_FORMATS[fields.to].name} has a place for`,
      remedy: fields.isAccepted
        ? `Nothing has to be done: the manifest accepts it, and ${consequences(fields.losses)}.`
        : `Write "convert": true in the manifest to accept it: ${consequences(fields.losses)}. Or take it out of the file.${otherWays(fields.losses)}`,
    }),
  },
  conversion_off: {
    severity: 'advice',
    title: 'The data set is not converted',
    why: 'A manifest with `"convert": false`, or a deployment that forbids it, has every file taken as it was uploaded.',
    text: (fields: {
      from: ForeignFormat;
      to: ForeignFormat;
      container: ContainerName;
      by: 'manifest' | 'deployment';
    }) => ({
      found: `${nameIn(fields)}${aroundIn(fields)}`,
      expected: `${FOREIGN_FORMATS[fields.to].name}, one a line`,
      remedy:
        fields.by === 'manifest'
          ? 'Take "convert": false out of the manifest to have it converted.'
          : 'Write the examples in the form of the model, or ask the administrator to allow conversion (CONVERT_DATA).',
    }),
  },
  dataset_beside_list: {
    severity: 'advice',
    title: 'The file has more than its list of examples',
    why: 'A JSON object that holds the list of examples is taken for that list. What stands beside it is no example.',
    text: (fields: { fields: string[]; lists?: string[] | undefined }) => ({
      found: `beside the list: ${fields.fields.join(', ')}${fields.lists ? `; lists of objects, too: ${fields.lists.join(', ')}` : ''}`,
      expected: 'the list of examples alone',
      remedy: fields.lists
        ? 'Choose which list is trained on, and write it on lines of its own: jq -c \'."NAME"[]\' FILE > fixed.jsonl. Another one may be the evaluation data.'
        : 'Nothing has to be done where they are notes; examples belong into the list.',
    }),
  },
  table_columns_unknown: {
    severity: 'error',
    title: 'The columns of the table make up no form of examples',
    why: 'The first row of a table names its columns. Where the names are those of the fields of a form of docs/data-forms.md, in small letters or capitals, the table is read as it is. Which column asks and which one answers is never guessed; nothing after the first row was checked.',
    text: (fields: { columns: readonly string[]; wanted: readonly string[] }) => ({
      found: `a table with the columns ${fields.columns.join(', ')}`,
      expected: `columns of a form, such as ${inQuotes(fields.wanted).join(', ')}`,
      remedy: remedyOfColumns(fields.wanted),
    }),
  },
  table_above_header: {
    severity: 'advice',
    title: 'There is something above the names of the columns',
    why: 'The first row of a table names its columns. A title or notes above it, with fewer cells, are no examples.',
    text: ({ rows }: { rows: number }) => ({
      found: `${counted(rows, 'row')} above the names of the columns, to here`,
      expected: 'the names of the columns in the first row',
      remedy: 'Nothing has to be done: what stands there is left out.',
    }),
  },
  table_header_again: {
    severity: 'warning',
    title: 'A row names the columns again',
    why: 'Files that were joined have the names of their columns in between, and some tables have two rows of names. No example is meant by them, and they are left out.',
    text: () => ({
      found: 'a row with names of columns in all of its cells',
      expected: 'the names of the columns in the first row alone',
      remedy: 'Remove the row. Where it is an example, write it otherwise.',
    }),
  },
  table_row_cells: {
    severity: 'error',
    title: 'The row has another number of cells than the header',
    why: 'Each row of a table has a cell for each column (RFC 4180, section 2). A separator or a line feed inside of a text needs quotes around it.',
    text: (fields: { cells: number; columns: number }) => ({
      found: counted(fields.cells, 'cell'),
      expected: `${counted(fields.columns, 'cell')}, as in the header`,
      remedy:
        fields.cells < fields.columns
          ? 'Write every cell of the row, also one without a text, or remove the row.'
          : 'Put quotes around texts that hold a separator, a quote or a line feed, and write a quote in them twice.',
    }),
  },
  table_quote_misplaced: {
    severity: 'error',
    title: 'A quote of the table stands where it begins or ends no cell',
    why: 'A cell is quoted as a whole, from its first character to its last (RFC 4180, section 2). Of others nobody can say which quotes are part of the text.',
    text: ({ where }: { where: 'after_space' | 'before_end' }) => ({
      found:
        where === 'after_space'
          ? 'white space before the quote of a cell'
          : 'text behind the quote that ends a cell',
      expected: 'quotes at both ends of a cell, or none',
      remedy:
        where === 'after_space'
          ? `Take out the white space between the separator and the quote. Where all cells have it, write the rows as lines of JSON, with the delimiter that the table has: python3 -c "import csv, json; [print(json.dumps(row, ensure_ascii=False)) for row in csv.DictReader(open('FILE', newline='', encoding='utf-8-sig'), delimiter=',', skipinitialspace=True)]" > fixed.jsonl`
          : 'Put quotes around the whole cell, and write a quote in its text twice.',
    }),
  },
  table_quote_open: {
    severity: 'error',
    title: 'A quoted text of the table does not end',
    why: 'A quote at the beginning of a cell opens a text that goes on until the next single quote (RFC 4180, section 2). Nothing after it was read.',
    text: () => ({
      found: 'a quote without its end, in the row that begins here',
      expected: 'a second quote after the text',
      remedy: 'Close the quote, and write a quote inside of a text twice.',
    }),
  },
} as const;

const inQuotes = (names: readonly string[]) => names.map((name) => JSON.stringify(name));

/** The columns that anybody understands. */
export const COLUMNS_OF_ANSWERS = ['question', 'answer'];
export const COLUMNS_OF_PREFERENCES = ['prompt', 'chosen', 'rejected'];

/** What to call the columns of a table, so that it is read. */
export function remedyOfColumns(wanted: readonly string[]): string {
  const call = wanted.includes('chosen')
    ? 'Call the columns prompt, chosen (the better answer) and rejected'
    : 'Call the column that asks question and the one that answers answer';
  return `${call}, in the first row of the table, and upload it: it is read as it is. Where the first row is an example and not the names, put them above it. Other names that are taken are in docs/data-forms.md.`;
}

/** A form that a model takes may have words that the model does not. */
const nameIn = ({ from, to }: Pick<ConversionFields, 'from' | 'to'>) =>
  `${FOREIGN_FORMATS[from].name}${from === to ? ' with words or lists that the model does not have' : ''}`;

const aroundIn = ({ container }: { container: ContainerName }) =>
  container === 'lines' ? '' : `, ${CONTAINERS[container]}`;

const countedLoss = (loss: LossCount) =>
  `${lossWords(loss)} (${counted(loss.examples, 'example')}, first ${atFirstPlace(loss)})`;

const consequences = (losses: LossCount[]) =>
  [...new Set(losses.map(({ loss }) => LOSSES[loss].effect))].join('; ');

const otherWays = (losses: LossCount[]) =>
  losses
    .map(({ loss }) => (LOSSES[loss] as LossRow).instead)
    .map((instead) => (instead === undefined ? '' : ` ${instead}`))
    .join('');
