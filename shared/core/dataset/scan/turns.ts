/**
 * Questions and answers in turns, counted by what was measured of their texts; what the checkers do of sound ones for whose form a
 * layout says where the texts are.
 */
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
import { createSharing, type SharedShape } from './sharing.ts';
import { createScannedTexts, type TextSize } from './texts.ts';
import type { LineShape, ValueRoles } from './tokens.ts';

/** Where the texts of a shape are, from the first one of a line on. */
export interface TurnsShape extends SharedShape {
  /** The system instruction and all turns but the last. */
  input: readonly number[];
  /** The last one. */
  output: readonly number[];
  /** Of each field that nobody reads, whether something is in it. */
  unused: readonly boolean[];
}

export interface TurnsLayout {
  roles: ValueRoles;
  /** Undefined where a line has anything but its texts and who says them, or has them in another order than most. */
  shapeOf(line: LineShape): TurnsShape | undefined;
}

export interface TurnTallies {
  progress: FileProgress;
  tokens: TokenCheck;
  sizes: SizeTally;
  duplicates: DuplicateFinder;
  counting?: TokenTally | undefined;
  shared: SharedInstructionTally;
  extras: { noteAlike(): void };
  /** Where they are counted. */
  labels?: LabelTally | undefined;
  instructions?: InstructionTally | undefined;
}

export interface TurnsOptions {
  layout: TurnsLayout;
  /** Is hashed behind each text. */
  mark: number;
  /** The system instruction of an example that has none, where somebody asks what all have in common. */
  defaultSystem?: string | undefined;
  /** Whether a field that nobody reads is told where nothing is in it, too. */
  areEmptyTold?: boolean;
}

/** Makes the counting of one data set. */
export function createProvedTurns(
  tallies: TurnTallies,
  { layout, mark, defaultSystem = '', areEmptyTold = false }: TurnsOptions,
): ProvedFormat {
  const { progress, sizes, duplicates, counting, labels, instructions, shared, extras } = tallies;
  const { maxInputTokens } = tallies.tokens.limits;
  const scanner = createScanner();
  const texts = createScannedTexts(scanner);
  const addShared = createSharing(texts, shared, defaultSystem);
  const asked: TextSize = { bytes: 0, units: 0 };
  const answered: TextSize = { bytes: 0, units: 0 };
  let beginning = 0;

  /** Hashes texts, and measures them in `size`. */
  function write(part: TokenPart, size: TextSize, first: number, numbers: readonly number[]): void {
    size.bytes = 0;
    size.units = 0;
    texts.reset();
    for (const number of numbers) {
      const text = first + number;
      texts.append(text);
      texts.mark(mark);
      size.bytes += texts.bytes(text);
      size.units += texts.units(text);
      counting?.add(part, texts.view(text), texts.bytes(text));
    }
    texts.digest();
  }

  function add(shape: TurnsShape, first: number): void {
    write('input', asked, first, shape.input);
    const { joinedLow: inputLow, joinedHigh: inputHigh } = texts;
    if (instructions) beginning = texts.joinedBeginning(instructions.bytes);
    write('output', answered, first, shape.output);
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

  const bytesOf = (numbers: readonly number[], first: number) => {
    let bytes = 0;
    for (const number of numbers) bytes += texts.bytes(first + number);
    return bytes;
  };

  function createCounter(shape: TurnsShape): ProvedCounter {
    const hasExtras = shape.unused.some((isFilled) => isFilled || areEmptyTold);
    return {
      isEnough: (first) => bytesOf(shape.input, first) + bytesOf(shape.output, first) <= maxInputTokens,
      add(first) {
        add(shape, first);
        if (hasExtras) extras.noteAlike();
      },
      accept(first) {
        instructions?.add(beginning, progress.line);
        if (labels?.isOpen) {
          for (const number of shape.output) labels.add(texts.decode(first + number), progress.line);
        }
      },
    };
  }

  return {
    ...{ scanner, texts, roles: layout.roles },
    counterOf(line) {
      const shape = layout.shapeOf(line);
      return shape && createCounter(shape);
    },
  };
}
