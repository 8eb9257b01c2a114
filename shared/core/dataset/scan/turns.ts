/** Turns of Gemini, each text in a part of its own, counted by what was measured of them; what `createContentsChecker` does of them. */
import type { FileProgress } from '../lines/progress.ts';
import type { DuplicateFinder } from '../tallies/duplicates.ts';
import type { InstructionTally } from '../tallies/instructions.ts';
import type { LabelTally } from '../tallies/labels.ts';
import type { SharedInstructionTally } from '../tallies/shared-instruction.ts';
import type { SizeTally } from '../tallies/sizes.ts';
import type { TokenCheck } from '../tallies/token-limits.ts';
import type { TokenPart, TokenTally } from '../tallies/token-tally.ts';
import { estimateTokens } from '../tallies/tokens.ts';
import type { ProvedCounter, ProvedFormat } from './proved-lines.ts';
import { createScanner } from './scanner.ts';
import { createScannedTexts, type ScannedTexts } from './texts.ts';
import type { LineShape } from './tokens.ts';

export interface TurnTallies {
  progress: FileProgress;
  tokens: TokenCheck;
  sizes: SizeTally;
  duplicates: DuplicateFinder;
  counting?: TokenTally | undefined;
  labels: LabelTally;
  instructions: InstructionTally;
  shared: SharedInstructionTally;
}

const SYSTEM = ['systemInstruction', 'system_instruction'].map((key) =>
  JSON.stringify([key, 'parts', 0, 'text']),
);
const ROLE = '["contents",0,"role"]';
const TEXT = '["contents",0,"parts",0,"text"]';

/** Where the texts of a shape are, from the first one of a line on. */
interface TurnsShape {
  system: number | undefined;
  /** What the user says first. */
  prompt: number;
  /** The system instruction and all turns but the last. */
  input: number[];
  output: number;
}

/** Makes the counting of one data set; `mark` is hashed behind each text. */
export function createProvedTurns(tallies: TurnTallies, mark: number): ProvedFormat {
  const { progress, sizes, duplicates, counting, labels, instructions, shared } = tallies;
  const { maxInputTokens } = tallies.tokens.limits;
  const scanner = createScanner();
  const texts = createScannedTexts(scanner);
  const addShared = createSharing(texts, shared);
  let beginning = 0;

  /** Hashes texts; returns their size. */
  function write(
    part: TokenPart,
    first: number,
    numbers: readonly number[],
  ): { bytes: number; units: number } {
    const size = { bytes: 0, units: 0 };
    texts.reset();
    for (const number of numbers) {
      const text = first + number;
      texts.append(text);
      texts.mark(mark);
      size.bytes += texts.bytes(text);
      size.units += texts.units(text);
      counting?.add(part, texts.decode(text), texts.bytes(text));
    }
    texts.digest();
    return size;
  }

  function add(shape: TurnsShape, first: number): void {
    const asked = write('input', first, shape.input);
    const { joinedLow: inputLow, joinedHigh: inputHigh } = texts;
    beginning = texts.joinedBeginning(instructions.bytes);
    const answered = write('output', first, [shape.output]);
    const output = texts.joinedLow ^ texts.joinedHigh;
    duplicates.add({ inputLow, inputHigh, output }, progress.line);
    sizes.add({
      inputCharacters: asked.units,
      outputCharacters: answered.units,
      tokens: estimateTokens(asked.bytes + answered.bytes, asked.units + answered.units),
      isProvedWithinLimits: true,
    });
    addShared(shape, first);
  }

  const createCounter = (shape: TurnsShape): ProvedCounter => ({
    isEnough(first) {
      let bytes = texts.bytes(first + shape.output);
      for (const number of shape.input) bytes += texts.bytes(first + number);
      return bytes <= maxInputTokens;
    },
    add: (first) => add(shape, first),
    accept(first) {
      instructions.add(beginning, progress.line);
      if (labels.isOpen) labels.add(texts.decode(first + shape.output), progress.line);
    },
  });

  return {
    ...{ scanner, texts },
    roles: { [ROLE]: 'fixed', [TEXT]: 'text', ...Object.fromEntries(SYSTEM.map((path) => [path, 'text'])) },
    counterOf(line) {
      const shape = shapeOf(line);
      return shape && createCounter(shape);
    },
  };
}

/** Makes what compares the instructions of a line with those of all before. */
function createSharing(texts: ScannedTexts, shared: SharedInstructionTally) {
  const [beginning, systemText] = texts.known;
  return ({ system, prompt }: TurnsShape, first: number): void => {
    const own = system === undefined ? undefined : first + system;
    const isSame =
      shared.system === undefined ||
      (own === undefined ? shared.system === '' : systemText.is(own, shared.system));
    const isAlike = isSame && beginning.isBeginningOf(first + prompt, shared.beginning);
    if (isAlike) shared.addAlike(texts.units(first + prompt));
    else shared.add(own === undefined ? '' : texts.decode(own), texts.decode(first + prompt));
  };
}

/** Undefined where a line has anything but a role and one text in each turn, in this order, and at most one system instruction. */
function shapeOf({ values, keys, tokens }: LineShape): TurnsShape | undefined {
  const isOther = tokens.some(({ kind }) => kind === 'skipped' || kind === 'scalar');
  const kept = values.filter(({ role }) => role !== 'fixed');
  const system = kept.findIndex(({ path }) => SYSTEM.includes(path));
  const turns = values.filter(({ path }) => path === ROLE || path === TEXT);
  const isPlain = turns.every(({ path }, index) => path === (index % 2 === 0 ? ROLE : TEXT));
  const systems = kept.length - turns.length / 2;
  if (isOther || !isPlain || systems > 1 || keys !== 1 + 3 * (turns.length / 2) + 2 * systems)
    return undefined;
  const contents = kept.flatMap(({ path }, index) => (path === TEXT ? [index] : []));
  const user = turns.findIndex(({ path, value }) => path === ROLE && value !== 'model') / 2;
  const [prompt, output] = [contents[user], contents.at(-1)];
  if (prompt === undefined || output === undefined) return undefined;
  const own = system === -1 ? [] : [system];
  return { system: own[0], prompt, input: [...own, ...contents.slice(0, -1)], output };
}
