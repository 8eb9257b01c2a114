import { exactJson } from '../../json/exact.ts';
import type { ParsedObject } from '../../json/values.ts';
import type { AnswerMark } from '../tallies/judgements.ts';

/**
 * An example without the form that it was written in: the one shape that every form is read into, and from which each form that a
 * base model takes is written.
 */
export interface Example {
  /** What stands before all turns, in its paragraphs; undefined where the example says nothing of it, empty where it says that there is nothing. */
  system?: readonly string[] | undefined;
  /** Whether some of it stood behind the first turn. */
  isSystemMoved?: true | undefined;
  turns: readonly ExampleTurn[];
  /** Whether the model thought aloud before it answered; none of it is in the turns. */
  hasThoughts?: true | undefined;
  /** Whether the answer was cut at the limit of tokens. */
  isCut?: true | undefined;
  /** Whether there are more answers to the same question. */
  hasOtherAnswers?: true | undefined;
  /** The place of the right choice, counted from 0, and how many there are, where a number says it. */
  choice?: { place: number; of: number } | undefined;
  /** The field that says that the answer is there to show what is not wanted. */
  unwantedBy?: string | undefined;
  /** What stands beside the answer and may say whether it is a good one. */
  judgement?: AnswerMark | undefined;
  /** The field beside the turns that has a file, or says where one is. */
  fileBeside?: string | undefined;
  /** The functions that may be called. */
  tools?: readonly ToolDeclaration[] | undefined;
  /** Of a preference: the turns end with the user, and these are the two answers. */
  pair?: { better: ExampleTurn; worse: ExampleTurn } | undefined;
}

export interface ExampleTurn {
  role: 'user' | 'model';
  parts: readonly ExamplePart[];
  /** How much an answer counts; 1 where nothing is said. */
  weight?: number | undefined;
  /** Who speaks, where several share a role. */
  name?: string | undefined;
}

/** `unread`: a file that stands in the line itself, or of which nothing tells the type. */
export type ExamplePart =
  | { kind: 'text'; text: string }
  | { kind: 'file'; uri: string; mimeType: string }
  | { kind: 'call'; name: string; args: ParsedObject }
  | { kind: 'response'; name: string; response: ParsedObject }
  | { kind: 'unread' };

export interface ToolDeclaration {
  name: string;
  description?: string | undefined;
  /** JSON Schema, its types in lower case. */
  parameters?: ParsedObject | undefined;
}

export const textPart = (text: string): ExamplePart => ({ kind: 'text', text });

/** A question and its answer. */
export const questionAndAnswer = (input: readonly string[], output: string): ExampleTurn[] => [
  { role: 'user', parts: input.map(textPart) },
  { role: 'model', parts: [textPart(output)] },
];

/** The texts of a turn; a call of a function and its answer are their JSON. */
export function textsOfTurn({ parts }: Pick<ExampleTurn, 'parts'>): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'call') return exactJson({ name: part.name, args: part.args });
    if (part.kind === 'response') return exactJson({ name: part.name, response: part.response });
    return [];
  });
}

/** Whether a function is called of which the conversation has no result, and goes on. */
export function hasUnansweredCall({ turns }: Pick<Example, 'turns'>): boolean {
  const open: string[] = [];
  for (const part of turns.slice(0, -1).flatMap(({ parts }) => parts)) {
    if (part.kind === 'call') open.push(part.name);
    if (part.kind === 'response') open.splice(Math.max(0, open.indexOf(part.name)), 1);
  }
  return open.length > 0;
}

/** Paragraphs as one text. */
export const joined = (texts: readonly string[]) => texts.join('\n\n');

/** Turns of the same side after each other are one. */
export const withJoinedSides = (turns: readonly ExampleTurn[]): ExampleTurn[] =>
  withJoinedTurns(turns, (last, turn) => last.role === turn.role);

/** The turns, with those after each other in one that belong together. */
export function withJoinedTurns(
  turns: readonly ExampleTurn[],
  areOne: (last: ExampleTurn, turn: ExampleTurn) => boolean,
): ExampleTurn[] {
  const joinedTurns: ExampleTurn[] = [];
  for (const turn of turns) {
    const last = joinedTurns.at(-1);
    if (last === undefined || !areOne(last, turn)) joinedTurns.push(turn);
    else joinedTurns[joinedTurns.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
  }
  return joinedTurns;
}
