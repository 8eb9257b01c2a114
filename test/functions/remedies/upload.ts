import type { DeploymentLimits } from '../../../shared/core/manifest/deployment-limits.ts';

export type Content = string | Uint8Array;

/** What lies in a folder of the inbox. */
export interface Upload {
  manifest: Record<string, unknown> | Content;
  /** By name; a file that is undefined is not there. */
  files: Record<string, Content | undefined>;
  limits?: Partial<DeploymentLimits>;
  /** Of files whose metadata say how they are packed, by name. */
  encodings?: Record<string, string>;
}

/** An upload that has an issue, and the same after somebody did what its remedy says. */
export interface Tried {
  upload: Upload;
  followed: Upload;
}

export const pair = (input: unknown, output: unknown = 'answer') =>
  JSON.stringify({ input_text: input, output_text: output });
const answerOf = (index: number) => `answer ${index}`;
export const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));
export const GOOD = numbered(120, (index) => pair(`question number ${index}`, answerOf(index)));

/** Lines as a file. */
export const file = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

const MANIFESTS = {
  text: { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' },
  chat: { base_model: 'chat-bison@002', dataset_uri: 'train.jsonl' },
  gemini: { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' },
  preference: { base_model: 'gemini-2.5-flash', dataset_uri: 'train.jsonl', tuning_method: 'preference' },
} as const;
type Kind = keyof typeof MANIFESTS;

const EVALUATION = file(numbered(30, (index) => pair(`asked ${index}`, answerOf(index))));

interface More {
  manifest?: Record<string, unknown>;
  files?: Upload['files'];
  limits?: Partial<DeploymentLimits>;
}

function uploadOf(kind: Kind, { manifest, files, limits = {} }: More): Upload {
  return {
    manifest: { ...MANIFESTS[kind], ...manifest },
    files: { 'train.jsonl': file(GOOD), 'eval.jsonl': EVALUATION, ...files },
    limits,
  };
}

/** Keys of a manifest, and what they become; undefined takes one out. */
export function keys(
  kind: Kind,
  wrong: Record<string, unknown>,
  right: Record<string, unknown>,
  more: More = {},
): Tried {
  return {
    upload: uploadOf(kind, { ...more, manifest: wrong }),
    followed: uploadOf(kind, { ...more, manifest: { ...wrong, ...right } }),
  };
}

/** The training file, and what it becomes. */
export function train(kind: Kind, wrong: Content, right: Content, more: More = {}): Tried {
  const of = (content: Content) =>
    uploadOf(kind, { ...more, files: { ...more.files, 'train.jsonl': content } });
  return { upload: of(wrong), followed: of(right) };
}

/** One line among sound ones of the same form, and what it becomes; undefined: it is removed. */
export function line(kind: Kind, wrong: string, right: string | undefined, more: More = {}): Tried {
  const others = SOUND[kind];
  return train(
    kind,
    file([...others, wrong]),
    file([...others, ...(right === undefined ? [] : [right])]),
    more,
  );
}

type Said = [who: string, what: string];
export const conversation = (...turns: Said[]) =>
  JSON.stringify({ messages: turns.map(([author, content]) => ({ author, content })) });
export const talk = (index: number) =>
  conversation(
    ['user', `Hello ${index}`],
    ['assistant', 'Hi.'],
    ['user', 'And you?'],
    ['assistant', `Well ${index}.`],
  );

export const turn = (role: string, ...parts: object[]) => ({ role, parts });
export const said = (text: string) => ({ text });
export const contents = (...turns: object[]) => JSON.stringify({ contents: turns });
const asked = (index: number) =>
  contents(turn('user', said(`question ${index}`)), turn('model', said(answerOf(index))));

export const choice = (index: number | string, ...scores: number[]) =>
  JSON.stringify({
    contents: [turn('user', said(`question ${index}`))],
    completions: scores.map((score) => ({ score, completion: turn('model', said(`answer ${score}`)) })),
  });

const SOUND: Record<Kind, string[]> = {
  text: GOOD,
  chat: numbered(250, talk),
  gemini: numbered(120, asked),
  preference: numbered(120, (index) => choice(index, 1, 0)),
};
