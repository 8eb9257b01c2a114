/** One question to ask of a tuned model, chosen by a rule and never by how well it is answered. */
import { findModel, type Model } from '../../shared/core/models/models.ts';
import { readByJob } from '../../shared/core/run/dataset-source.ts';
import type { Run } from '../../shared/core/run/run.ts';

export interface Question {
  /** Which example of which file it is, and whether the model learned from it. */
  from: string;
  /** What a person reads. */
  asked: string;
  /** What the file has as the answer. */
  expected: string;
  /** One of the `instances` of a `:predict` request, or the body of `:generateContent`. */
  request: { instance: PredictInstance } | { generate: GenerateBody };
}

export type PredictInstance = { content: string } | { prefix: string } | Conversation;

/** The body of `:generateContent`. */
export interface GenerateBody {
  systemInstruction?: Content | undefined;
  contents: Content[];
}

interface Content {
  role?: string;
  parts: { text?: string }[];
}

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
  const model = findModel(manifest?.base_model ?? '');
  const kind = model?.kind;
  if (kind === undefined) return 'Its base model is not known here.';
  if (kind === 'open') return 'An open model leaves weights, and answers where somebody deploys them.';
  if (run.spec.plan?.backend === 'tuningJobs' && run.spec.plan.method === 'preference')
    return 'A preference has two answers, and none of them is expected.';
  if (kind === 'embedding')
    return 'An embedding model answers with numbers, not with words, and none was trained here.';
  const { evaluation_data_uri: evaluation, dataset_uri: training } = datasets;
  const source = evaluation ?? training;
  const trainedOn = (file: typeof source) => file && readByJob(file);
  const uri = trainedOn(source);
  const lines = uri && (await read(uri));
  const line = lines && (evaluation ? await firstOf(lines) : await lastOf(lines));
  if (!source || line === undefined) return 'The file that a question would come from is gone.';
  const trainedUri = trainedOn(training);
  const seen = trainedUri && (await read(trainedUri));
  const isSeen = Boolean(seen) && (await has(seen as AsyncIterable<string>, line));
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
type AskedKind = Exclude<Model['kind'], 'embedding' | 'open'>;
type Example = { input_text: string; output_text: string };

/** Bodies as Google's SDK for Python 1.60 sends them. The pipeline has checked that the examples have these fields. */
const READ: Record<
  AskedKind,
  (record: Example & Conversation & GenerateBody, defaultContext: string) => Asked
> = {
  gemini: lastTurn,
  text: ({ input_text, output_text }) => ({
    ...{ asked: input_text, expected: output_text },
    request: { instance: { content: input_text } },
  }),
  code: ({ input_text, output_text }) => ({
    ...{ asked: input_text, expected: output_text },
    request: { instance: { prefix: input_text } },
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
    request: {
      instance: {
        context: instructions || undefined,
        messages: before.map(({ author, content }) => ({
          author: author === 'assistant' ? 'bot' : author,
          content,
        })),
      },
    },
  };
}

/** The last content is the model's: it is expected, and what stands before it is asked. */
function lastTurn({ systemInstruction, contents }: GenerateBody): Asked {
  const textOf = (content: Content | undefined) => content?.parts.map(({ text = '' }) => text).join('') ?? '';
  const before = contents.slice(0, -1);
  return {
    asked: textOf(before.at(-1)),
    expected: textOf(contents.at(-1)),
    request: { generate: { systemInstruction, contents: before } },
  };
}
