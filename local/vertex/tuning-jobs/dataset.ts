/** Reads the data sets of a tuning job: once to check and to count, once more to learn from. */
import type { TuningExample } from '../../small-model/text/sequence.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import type { ObjectReader } from '../storage/objects.ts';
import { conversationPrompt, target } from '../training/prompts.ts';
import { type Row, type RowFormat, RowProblem, readRow } from './rows.ts';
import { count, type DatasetFigures } from './statistics.ts';

export interface RowSource {
  uri: string;
  format: RowFormat;
  readObject: ObjectReader;
  /** Modalities that the base model does not learn from. */
  unsupported: readonly string[];
  /** How many tokens of the base model a text has. */
  tokensIn: (text: string) => number;
}

/** Tokens of an example, answer included: a longer one is dropped. */
const MAX_TOKENS = 131_072;
const SHOWN_ROWS = 3;
/** Of the dropped ones Google shows a sample. */
const MAX_INDICES = 100;
/** Google's page of video tuning; that it holds for every kind of data is inferred. */
const TOLERATED_DROPS = 0.1;

interface CountedRow {
  row: Row;
  input: number;
  output: number;
}

export interface DatasetScan {
  figures: DatasetFigures;
  /** Answers to learn: more than one in a longer conversation. */
  answers: number;
}

/** Throws a JobFailure for the first row that cannot be taken, or for a data set that has too little that can. */
export async function scanDataset(source: RowSource): Promise<DatasetScan> {
  const figures: DatasetFigures = {
    ...{ examples: 0, inputTokens: new Map(), outputTokens: new Map(), messages: new Map() },
    ...{ shown: [], droppedIndices: [], dropped: 0 },
  };
  let answers = 0;
  let rows = 0;
  let firstUnsupported: { index: number; modality: string } | undefined;
  for await (const row of readRows(source)) {
    rows += 1;
    const modality = row.modalities.find((one) => source.unsupported.includes(one));
    if (modality) firstUnsupported ??= { index: rows, modality };
    const counted = countTokens(row, source.tokensIn);
    if (isTooLong(counted)) {
      figures.dropped += 1;
      if (figures.droppedIndices.length < MAX_INDICES) figures.droppedIndices.push(rows);
      continue;
    }
    add(figures, counted);
    answers += examplesOf(row).length;
  }
  if (firstUnsupported) throw unsupportedModality(firstUnsupported, rows);
  if (answers === 0) throw new WorkFailure('INVALID_ARGUMENT', `${source.uri} has no examples.`);
  if (figures.dropped > TOLERATED_DROPS * rows) {
    throw new WorkFailure('INVALID_ARGUMENT', `${figures.dropped} of ${rows} examples are too long.`);
  }
  return { figures, answers };
}

function add(figures: DatasetFigures, { row, input, output }: CountedRow): void {
  if (figures.examples < SHOWN_ROWS) figures.shown.push(...row.turns);
  figures.examples += 1;
  count(figures.inputTokens, input);
  count(figures.outputTokens, output);
  count(figures.messages, row.turns.length);
}

/** The small model learns from no more answers, so that any data set fits into memory: its time would be up before. */
const MAX_LEARNED = 20_000;

/** What the model is to learn from the rows that were kept, in their order. */
export async function readExamples(source: RowSource): Promise<TuningExample[]> {
  const examples: TuningExample[] = [];
  for await (const row of readRows(source)) {
    if (!isTooLong(countTokens(row, source.tokensIn))) examples.push(...examplesOf(row));
    if (examples.length >= MAX_LEARNED) break;
  }
  return examples.slice(0, MAX_LEARNED);
}

/** Checks the first row alone, as `create` does; throws a RowProblem. */
export async function checkFirstRow({
  uri,
  format,
  readObject,
}: Pick<RowSource, 'uri' | 'format' | 'readObject'>) {
  const object = await readObject(uri);
  for await (const line of object?.lines?.() ?? []) {
    if (line.trim() === '') continue;
    readRow(line, format);
    return;
  }
}

/** Rows are counted from 0, in the words of the one refusal that is known; that blank lines do not count is a choice. */
async function* readRows({ uri, format, readObject }: RowSource): AsyncGenerator<Row> {
  const object = await readObject(uri);
  if (!object?.lines) throw new WorkFailure('FAILED_PRECONDITION', `${uri} can no longer be read.`);
  let index = -1;
  for await (const line of object.lines()) {
    if (line.trim() === '') continue;
    index += 1;
    try {
      yield readRow(line, format);
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      throw new WorkFailure('INVALID_ARGUMENT', `Row: ${index}. ${error.message}`);
    }
  }
}

/** The model's turns, or both answers, are output; all else is input. */
function countTokens(row: Row, tokensIn: RowSource['tokensIn']): CountedRow {
  const sum = (texts: readonly string[]) => texts.reduce((tokens, text) => tokens + tokensIn(text), 0);
  const { system, turns, answers } = row;
  const outputs = answers
    ? [answers.chosen, answers.rejected]
    : turns.filter(({ author }) => author === 'assistant').map(({ content }) => content);
  const inputs = answers ? turns : turns.filter(({ author }) => author !== 'assistant');
  return {
    row,
    input: sum([system, ...inputs.map(({ content }) => content)]),
    output: sum(outputs),
  };
}

const isTooLong = ({ input, output }: CountedRow) => input + output > MAX_TOKENS;

/** Every turn of the model is learned, with what was said before it: Google's pages do not say which of them count. */
function examplesOf({ system, turns, answers }: Row): TuningExample[] {
  if (answers) {
    const prompt = conversationPrompt(system, turns);
    return [
      { segments: [...prompt, target(answers.chosen)], rejected: [...prompt, target(answers.rejected)] },
    ];
  }
  return turns.flatMap(({ author, content }, index) => {
    if (author !== 'assistant' || index === 0) return [];
    return [{ segments: [...conversationPrompt(system, turns.slice(0, index)), target(content)] }];
  });
}

/** The sentence of the real service, as a user of it reported it. */
function unsupportedModality({ index, modality }: { index: number; modality: string }, count: number) {
  return new WorkFailure(
    'INVALID_ARGUMENT',
    `Dataset example ${index} of ${count} contains an unsupported modality [${modality}] in the "parts" field, which is not supported by this model. The supported modalities are: [image, PDF document, audio, video].`,
  );
}
