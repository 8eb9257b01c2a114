import type { SharedInstruction } from '../../dataset/statistics.ts';

/** What an example call says: what the model was trained with, and a place for one's own input. */
export interface CallText {
  systemInstruction?: string | undefined;
  prompt: string;
}

/** The text of a call that looks like the training data; what is too long to be repeated is named. */
export function callText(shared: SharedInstruction | undefined): CallText {
  const { systemInstruction, promptBeginning } = shared ?? {};
  const instruction = promptBeginning === '' ? 'THE INSTRUCTION OF YOUR EXAMPLES ' : promptBeginning;
  return {
    systemInstruction:
      systemInstruction === '' ? 'THE SYSTEM INSTRUCTION OF YOUR EXAMPLES' : systemInstruction,
    prompt: instruction === undefined ? 'YOUR PROMPT' : `${instruction}YOUR INPUT`,
  };
}

/** Characters that no JSON string has to escape, and that a terminal or an editor obeys or hides. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value of texts, numbers, lists and objects as it is written in JSON, Python and TypeScript alike: on one line, and with
 * nothing in it that cannot be seen.
 */
export function literal(value: unknown): string {
  return JSON.stringify(value).replace(UNSEEN, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

export interface CurlCall {
  /** Google's host, or the embedded cloud. */
  origin: string;
  /** What follows the origin. */
  path: string;
  body: object;
  /** Tokens that nobody checks. */
  isLocal: boolean;
}

/** A text as one word of a shell, which reads nothing between single quotes but the single quote. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command for a shell with gcloud. */
export function curlCommand({ origin, path, body, isLocal }: CurlCall): string {
  const token = isLocal ? 'local' : '$(gcloud auth print-access-token)';
  return [
    'curl -X POST \\',
    `  -H "Authorization: Bearer ${token}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d ${quoted(literal(body))} \\`,
    `  "${origin}${path}"`,
  ].join('\n');
}
