import type { SharedInstruction } from '../statistics.ts';

/** Ours: a longer text makes no example call that anybody reads, and does not belong into a document. */
const MAX_CHARACTERS = 4_000;
/** More, so that cutting off half a word does not make a long text a short one. */
const HELD_CHARACTERS = 2 * MAX_CHARACTERS;
/** Ours: a shorter beginning is a common word and no instruction. */
const MIN_BEGINNING = 24;
/** Ours: what fewer examples have in common may be what one of them says. */
const MIN_EXAMPLES = 10;

/** What all examples of a file say before their own input. */
export interface SharedInstructionTally {
  /** Adds an example: its system instruction, empty where it has none, and what the user says first. */
  add(system: string, prompt: string): void;
  /** The same for another example with the system instruction and the beginning that all before have: `units` of what the user says first. */
  addAlike(units: number): void;
  /** The system instruction that all have so far; undefined where they differ. */
  readonly system: string | undefined;
  /** What all prompts begin with so far. */
  readonly beginning: string;
  /** Whether all first inputs begin with an instruction, however short: a sentence or a line of its own, or a label with a colon. */
  readonly hasInstruction: boolean;
  /** What all examples share; undefined when that is nothing, or when they are too few to tell. */
  summary(): SharedInstruction | undefined;
}

/** Makes an empty tally; it holds the two texts that are shared so far, and no example. */
export function createSharedInstruction(): SharedInstructionTally {
  let examples = 0;
  let system: string | undefined;
  let beginning = '';
  let longestPrompt = 0;

  return {
    addAlike(units) {
      examples += 1;
      longestPrompt = Math.max(longestPrompt, units);
    },
    get system() {
      return system;
    },
    get beginning() {
      return beginning;
    },
    get hasInstruction() {
      return examples >= MIN_EXAMPLES && /\p{L}[^\n]*(?:\n|[.:!?]\s)/u.test(beginning);
    },
    add(ownSystem, prompt) {
      examples += 1;
      longestPrompt = Math.max(longestPrompt, prompt.length);
      if (examples === 1) {
        system = ownSystem;
        beginning = prompt.slice(0, HELD_CHARACTERS);
        return;
      }
      if (system !== ownSystem) system = undefined;
      if (!prompt.startsWith(beginning)) beginning = commonBeginning(beginning, prompt);
    },
    summary() {
      if (examples < MIN_EXAMPLES) return undefined;
      const isAllOfEach = beginning.length === longestPrompt;
      const shared = {
        systemInstruction: system ? unlessLong(system) : undefined,
        promptBeginning: instructionIn(isAllOfEach ? beginning : withoutCutWord(beginning)),
      };
      const isAny = Object.values(shared).some((text) => text !== undefined);
      return isAny ? shared : undefined;
    },
  };
}

function commonBeginning(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return one.slice(0, length);
}

/** Inputs that begin alike by chance share the beginning of a word, or half a character, that is not the instruction's. */
function withoutCutWord(text: string): string {
  return text.replace(/[\p{L}\p{N}\p{M}\p{Cs}]+$/u, '');
}

function instructionIn(beginning: string): string | undefined {
  return beginning.length < MIN_BEGINNING ? undefined : unlessLong(beginning);
}

const unlessLong = (text: string) => (text.length > MAX_CHARACTERS ? '' : text);
