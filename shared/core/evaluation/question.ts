/** One example of the evaluation data as a question for a model, and the answer that the data expects. */
import type { Model } from '../models/models.ts';

export interface Question {
  /** Its line in the file, from 1. */
  line: number;
  /** What was said last before the answer. */
  prompt: string;
  /** What the file has as the answer. */
  expected: string;
  request: QuestionRequest;
}

/** The body of `:generateContent`, or one of the `instances` of `:predict`. */
export type QuestionRequest = { generate: GenerateBody } | { instance: PredictInstance };

export type PredictInstance = { content: string } | { prefix: string } | Conversation;

export interface GenerateBody {
  systemInstruction?: Content | undefined;
  contents: Content[];
  tools?: unknown;
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

type Read = Omit<Question, 'line'>;
type AskedKind = Exclude<Model['kind'], 'embedding' | 'open'>;
type Example = { input_text: string; output_text: string };
/** As it stands in a file that was checked. */
type EvaluationRecord = Example & Conversation & GenerateBody & { system_instruction?: Content };

/** What can be asked of a model of some kind. */
export function isAskedKind(kind: Model['kind'] | undefined): kind is AskedKind {
  return kind !== undefined && kind !== 'embedding' && kind !== 'open';
}

/** An example of a file that was checked, for a model of this kind; `defaultContext` is the manifest's. */
export function questionOf(
  text: string,
  line: number,
  { kind, defaultContext = '' }: { kind: AskedKind; defaultContext?: string | undefined },
): Question {
  return { line, ...READ[kind](JSON.parse(text), defaultContext) };
}

/** Bodies as Google's SDK for Python 1.60 sends them. */
const READ: Record<AskedKind, (record: EvaluationRecord, defaultContext: string) => Read> = {
  gemini: lastTurn,
  text: ({ input_text, output_text }) => ({
    ...{ prompt: input_text, expected: output_text },
    request: { instance: { content: input_text } },
  }),
  code: ({ input_text, output_text }) => ({
    ...{ prompt: input_text, expected: output_text },
    request: { instance: { prefix: input_text } },
  }),
  chat: lastAnswer,
  codechat: lastAnswer,
};

/** The last turn of the assistant is expected, what was said before it is asked. Predictions call the assistant `bot`. */
function lastAnswer({ context, messages }: Conversation, defaultContext: string): Read {
  const index = messages.findLastIndex(({ author }) => author === 'assistant');
  const before = messages.slice(0, index);
  const instructions = context || defaultContext;
  return {
    prompt: before.at(-1)?.content ?? '',
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
function lastTurn({ systemInstruction, system_instruction, contents, tools }: EvaluationRecord): Read {
  const textOf = (content: Content | undefined) => content?.parts.map(({ text = '' }) => text).join('') ?? '';
  const before = contents.slice(0, -1);
  return {
    prompt: textOf(before.at(-1)),
    expected: textOf(contents.at(-1)),
    request: {
      generate: { systemInstruction: systemInstruction ?? system_instruction, contents: before, tools },
    },
  };
}
