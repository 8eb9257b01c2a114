/** One question to ask of a tuned model, chosen by a rule and never by how well it is answered. */
import { findModel, type Model } from '../../shared/core/models/models.ts';
import type { Run } from '../../shared/core/run/run.ts';

export interface Question {
  /** Which example of which file it is, and whether the model learned from it. */
  from: string;
  /** What a person reads. */
  asked: string;
  /** What the file has as the answer. */
  expected: string;
  /** One of the `instances` of a `:predict` request. */
  instance: PredictInstance;
}

export type PredictInstance = { content: string } | { prefix: string } | Conversation;

interface Conversation {
  context?: string | undefined;
  messages: Turn[];
}

interface Turn {
  author: string;
  content: string;
}

/** The lines of a file in Cloud Storage, by its `gs://` URI; undefined where it is gone. */
export type ReadLines = (gsUri: string) => Promise<AsyncIterable<string> | undefined>;

/** The first example of the evaluation file; without one the last of the training file. A string is why there is none. */
export async function questionOf(run: Run, read: ReadLines): Promise<Question | string> {
  const { datasets = {}, manifest } = run.spec;
  const kind = findModel(manifest?.base_model ?? '')?.kind;
  if (kind === undefined) return 'Its base model is not known here.';
  if (kind === 'embedding')
    return 'An embedding model answers with numbers, not with words, and none was trained here.';
  const { evaluation_data_uri: evaluation, dataset_uri: training } = datasets;
  const source = evaluation ?? training;
  const lines = source && (await read(source.stagedUri));
  const line = lines && (evaluation ? await firstOf(lines) : await lastOf(lines));
  if (!source || line === undefined) return 'The file that a question would come from is gone.';
  const seen = training && (await read(training.stagedUri));
  const isSeen = seen !== undefined && (await has(seen, line));
  return {
    from: whereFrom(source.uri, { isEvaluation: evaluation !== undefined, isSeen }),
    ...READ[kind](JSON.parse(line), manifest?.default_context ?? ''),
  };
}

function whereFrom(
  uri: string,
  { isEvaluation, isSeen }: { isEvaluation: boolean; isSeen: boolean },
): string {
  const name = uri.split('/').slice(3).join('/');
  if (!isEvaluation)
    return `the last example of ${name}. There is no evaluation file, so it is from the file that the model was trained on`;
  if (isSeen) return `the first example of ${name}, which stands in the training file too`;
  return `the first example of ${name}, which the model was not trained on`;
}

async function has(lines: AsyncIterable<string>, wanted: string): Promise<boolean> {
  for await (const line of lines) if (line.trim() === wanted.trim()) return true;
  return false;
}

async function firstOf(lines: AsyncIterable<string>): Promise<string | undefined> {
  for await (const line of lines) if (line.trim() !== '') return line;
  return undefined;
}

async function lastOf(lines: AsyncIterable<string>): Promise<string | undefined> {
  let last: string | undefined;
  for await (const line of lines) if (line.trim() !== '') last = line;
  return last;
}

type Asked = Omit<Question, 'from'>;
type Example = { input_text: string; output_text: string };

/** Bodies as Google's SDK for Python 1.60 sends them. The pipeline has checked that the examples have these fields. */
const READ: Record<
  Exclude<Model['kind'], 'embedding'>,
  (record: Example & Conversation, defaultContext: string) => Asked
> = {
  text: ({ input_text, output_text }) => ({
    ...{ asked: input_text, expected: output_text },
    instance: { content: input_text },
  }),
  code: ({ input_text, output_text }) => ({
    ...{ asked: input_text, expected: output_text },
    instance: { prefix: input_text },
  }),
  chat: lastAnswer,
  codechat: lastAnswer,
};

/** The last turn of the assistant is expected, what was said before it is asked. Predictions call the assistant `bot`. */
function lastAnswer({ context, messages }: Conversation, defaultContext: string): Asked {
  const index = messages.findLastIndex(({ author }) => author === 'assistant');
  const before = messages.slice(0, index);
  const instructions = context || defaultContext;
  return {
    asked: before.at(-1)?.content ?? '',
    expected: messages[index]?.content ?? '',
    instance: {
      context: instructions || undefined,
      messages: before.map(({ author, content }) => ({
        author: author === 'assistant' ? 'bot' : author,
        content,
      })),
    },
  };
}
