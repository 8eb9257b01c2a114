/** How a request reads for the small model: the same in training and in prediction. */

import type { Segment } from '../../small-model/text/sequence.ts';

export interface Turn {
  author: string;
  content: string;
}

/**
 * Characters of one piece that are kept. The small model reads a few hundred tokens, far below the guide's limits, and drops
 * the middle of what is longer; to drop most of it here keeps a large data set out of memory.
 */
const MAX_CHARACTERS = 8_000;

const given = (text: string): Segment => ({ text: clip(text), isTarget: false });

export const target = (text: string): Segment => ({ text: clip(text), isTarget: true });

export const textPrompt = (text: string): Segment[] => [given(text)];

/** Context, what was said so far, and the turn to answer, each a piece of its own: all of them keep their ends. */
export function chatPrompt(context: string, turns: readonly Turn[]): Segment[] {
  const said = turns.map(({ author, content }) => `${isModel(author) ? 'assistant' : 'user'}: ${content}`);
  const last = said.pop() ?? '';
  const pieces = [context && `${context}\n`, said.length > 0 ? `${said.join('\n')}\n` : '', last];
  return pieces.filter((piece) => piece !== '').map(given);
}

/** A single question stands as it is, after what the system says; a longer conversation says who said what. */
export function conversationPrompt(system: string, turns: readonly Turn[]): Segment[] {
  const [only, ...more] = turns;
  if (!only || more.length > 0) return chatPrompt(system, turns);
  return [system && `${system}\n`, only.content].filter((piece) => piece !== '').map(given);
}

/** Data sets call the model `assistant`, predictions call it `bot`. */
export const isModel = (author: string): boolean => author === 'assistant' || author === 'bot';

function clip(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const half = MAX_CHARACTERS / 2;
  // Copied as bytes: a slice of a string keeps all of that string in memory.
  return Buffer.from(text.slice(0, half) + text.slice(-half)).toString();
}
