/** Writes who speaks in the words of the form, where a message has another word for the same. */
import type { SpeakerFound } from '../../issues/speakers.ts';
import { startOfValue } from '../../json/member-values.ts';
import { scanJson } from '../../json/scan.ts';
import { endOfString, withEdits } from '../../json/strings.ts';
import { createLineSet } from './line-set.ts';

export interface SpeakerWords {
  /** What the file's check said of a speaker. */
  note(at: { line?: number | undefined; path?: string | undefined }, found: SpeakerFound): void;
  readonly isNeeded: boolean;
  /** The line with the other words, where it was told of and they are known; else undefined. */
  correct(text: string, line: number): { text: string; detail: string } | undefined;
}

/** Makes the correction of one file. */
export function createSpeakerWords(): SpeakerWords {
  const lines = createLineSet();
  /** What is written for a word, by the field that it stands in and itself. */
  const words = new Map<string, string>();
  const keyOf = (field: string | number, word: string) => JSON.stringify([field, word]);

  return {
    note({ line = 0, path }, { found, write }) {
      const field = path?.split('.').at(-1);
      if (found === undefined || write === undefined || field === undefined) return;
      words.set(keyOf(field, found), write);
      lines.add(line);
    },
    get isNeeded() {
      return words.size > 0;
    },
    correct(text, line) {
      if (!lines.has(line)) return undefined;
      const edits: { from: number; to: number; word: string; write: string }[] = [];
      const steps: (string | number)[] = [];
      scanJson(text, {
        isJson: true,
        onMember(step, at, depth) {
          steps.length = depth - 1;
          steps.push(step);
          const isOfMessage = typeof step === 'string' && typeof steps.at(-2) === 'number';
          const value = isOfMessage ? valueAt(text, at) : undefined;
          const write = value && words.get(keyOf(step, value.word));
          if (value && write !== undefined) edits.push({ ...value, write });
        },
      });
      if (edits.length === 0) return undefined;
      const names = new Set(edits.map(({ word, write }) => `${JSON.stringify(word)} to "${write}"`));
      const written = edits.map(({ from, to, write }) => ({ from, to, write: JSON.stringify(write) }));
      return { text: withEdits(text, written), detail: [...names].join(', ') };
    },
  };
}

/** The text that is the value of the member whose key begins at a place; undefined where it is no text. */
function valueAt(text: string, key: number): { from: number; to: number; word: string } | undefined {
  const from = startOfValue(text, key);
  if (text[from] !== '"') return undefined;
  const to = endOfString(text, from);
  return { from, to, word: String(JSON.parse(text.slice(from, to))) };
}
