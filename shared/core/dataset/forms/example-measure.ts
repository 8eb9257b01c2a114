import { createChatMeasure } from '../formats/chat/measure.ts';
import type { ChatMessage } from '../formats/chat/messages.ts';
import type { ExampleTools } from '../formats/example-checker.ts';
import { createTextMeasure } from '../formats/text.ts';
import { createTurnMeasure } from '../formats/turns/measure.ts';
import { toolTexts } from '../formats/turns/parts.ts';
import type { DatasetStatistics } from '../statistics.ts';
import { createLengthTally } from '../tallies/lengths.ts';
import { type Example, joined, textsOfTurn } from './example.ts';
import type { TargetForm } from './target.ts';

/** Holds an example against the limits of the form that it is written in, and compares it with all before. */
export interface ExampleMeasure {
  add(example: Example): void;
  /** A hash of how the last input begins. */
  readonly beginning: number;
  /** What a chat model's data is counted by. */
  chat(): DatasetStatistics['chat'];
}

interface ExampleMeasureOptions {
  target: TargetForm;
  /** The field in which most of an example is. */
  path: string;
  beginningBytes: number;
  /** Counted where an example of a chat model has none of its own. */
  defaultContext?: string | undefined;
}

/** Makes the measure of one data set. */
export function createExampleMeasure(tools: ExampleTools, options: ExampleMeasureOptions): ExampleMeasure {
  const { form } = options.target;
  if (form === 'messages') return createConversationMeasure(tools, options);
  return form === 'input_output' ? createPairMeasure(tools, options) : createWholeMeasure(tools, options);
}

/** Gemini and open models: input and output together. */
function createWholeMeasure(
  { measures, progress }: ExampleTools,
  { path, beginningBytes }: ExampleMeasureOptions,
): ExampleMeasure {
  const measure = createTurnMeasure(measures, { progress, path, beginningBytes });
  return {
    add({ system = [], turns, pair, tools }) {
      const asked = pair ? turns : turns.slice(0, -1);
      const answers = pair ? [pair.better, pair.worse] : turns.slice(-1);
      const uris = turns.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.kind === 'file' ? part.uri : [])),
      );
      measure.add({
        input: [...system, ...asked.flatMap(textsOfTurn), ...uris, ...toolTexts(tools)],
        output: pair ? answers.map((turn) => joined(textsOfTurn(turn))) : answers.flatMap(textsOfTurn),
      });
    },
    get beginning() {
      return measure.beginning;
    },
    chat: () => undefined,
  };
}

/** The guide's text and code models: input and output, each with its own limit. */
function createPairMeasure(
  { measures, progress }: ExampleTools,
  { path, beginningBytes }: ExampleMeasureOptions,
): ExampleMeasure {
  const names = { input: path, output: path };
  const measure = createTextMeasure(measures, { progress, names, beginningBytes, defaultContext: '' });
  return {
    add({ turns }) {
      const [asked = '', answered = ''] = turns.map((turn) => joined(textsOfTurn(turn)));
      measure.add(asked, answered);
    },
    get beginning() {
      return measure.beginning;
    },
    chat: () => undefined,
  };
}

/** The guide's chat models: the whole conversation, and each answer. */
function createConversationMeasure(
  { measures, progress }: ExampleTools,
  { path, defaultContext = '' }: ExampleMeasureOptions,
): ExampleMeasure {
  const measure = createChatMeasure(measures, { progress, pathOf: () => path });
  const pairs = createLengthTally();
  const counts = { authors: 0, examplesWithContext: 0 };
  return {
    add({ system, turns }) {
      counts.authors += turns.length;
      counts.examplesWithContext += system === undefined ? 0 : 1;
      pairs.add(
        turns.filter(({ role }, index) => role === 'model' && turns[index - 1]?.role === 'user').length,
      );
      const messages = turns.map((turn): ChatMessage => {
        const author = turn.role === 'model' ? 'assistant' : 'user';
        return { author, content: joined(textsOfTurn(turn)) };
      });
      measure.add(system === undefined ? defaultContext : joined(system), messages);
    },
    beginning: 0,
    chat: () => ({ ...counts, pairs: pairs.summary() }),
  };
}
