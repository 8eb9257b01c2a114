/**
 * Reads most lines of a file without parsing them: a line of the same shape as one that was read and had no fault has none either, as
 * far as its shape goes; and its texts are proved to be sound and measured in one pass over their bytes. What is not proved is
 * read by the plain reader, which stays the specification: without this file everything is found just the same.
 */
import type { FileProgress } from '../lines/progress.ts';
import { type FileTools, type LineConsumer, type RecordSplitter, splitLines } from '../lines/text-file.ts';
import { type Marks, writeMarks } from './marks.ts';
import { createLineRoom } from './room.ts';
import { LINE_WORDS, MAX_LINES, MAX_TEXTS, type Scanner } from './scanner.ts';
import type { ScannedTexts } from './texts.ts';
import { type LineShape, readShape, type ValueRoles } from './tokens.ts';
import { createShapeTree } from './tree.ts';

/** How the examples of a format are counted where their lines are proved. */
export interface ProvedFormat {
  scanner: Scanner;
  texts: ScannedTexts;
  roles: ValueRoles;
  /** What counts the lines of a shape; undefined where they are left to the plain reader. */
  counterOf(shape: LineShape): ProvedCounter | undefined;
}

/** Counts the lines of one shape as the checker of the format does; texts are told by the number of the first with a role. */
export interface ProvedCounter {
  /** Whether a line has nothing else to be looked at. */
  isEnough(first: number): boolean;
  /** What `check` of the checker does. */
  add(first: number): void;
  /** What `accept` of the checker does. */
  accept?(first: number): void;
}

/** Where a line is, without its line feed. */
export interface LineBytes {
  /** Some lines after each other. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A line that was proved. */
export interface ProvedLine extends LineBytes {
  /** Whether one of the marks of the reader is in it; rarely also where none is. */
  mayHoldMark(): boolean;
  add(): void;
  accept(): void;
}

export interface ProvingConsumer extends LineConsumer {
  /** Texts that it asks of a proved line. */
  marks: Marks;
  /** Counts a line that was proved, in the place of reading it. */
  countProved(line: ProvedLine): void;
}

/** Other lines of a file with more shapes are read. */
const MAX_SHAPES = 256;
/** So many lines that teach nothing are no usual file: then no more is learned of it. */
const MAX_MISSES = 1000;

/** Makes what knows the shapes of one file, and has what counts the lines of each. */
function createShapes({ scanner, roles, counterOf }: ProvedFormat) {
  const tree = createShapeTree(scanner);
  const counters: ProvedCounter[] = [];
  let misses = 0;

  function isLearned({ bytes, start, end }: LineBytes): boolean {
    const shape = readShape(bytes.toString('utf8', start, end), roles);
    const counter = shape && counterOf(shape);
    if (!counter || !tree.add(shape.tokens, counters.length)) return false;
    counters.push(counter);
    return true;
  }

  return {
    counters,
    root: () => tree.root,
    /** Learns the shape of a line that the plain reader had nothing to say of; whether it is new. */
    learn(line: LineBytes): boolean {
      if (counters.length === MAX_SHAPES || misses === MAX_MISSES) return false;
      const isNew = isLearned(line);
      if (!isNew) misses += 1;
      return isNew;
    },
  };
}

/** Makes what cuts a file into lines for a reader, and proves those that it can. */
export function createProvedLines(
  format: ProvedFormat,
  reader: ProvingConsumer,
  tools: FileTools,
): RecordSplitter {
  const { progress } = tools;
  const { scanner } = format;
  const { code, places, bytes, words } = scanner;
  const { room, lines } = places;
  const plain = splitLines(reader, tools);
  writeMarks(scanner, reader.marks);
  const { counters, ...shapes } = createShapes(format);
  let counter: ProvedCounter | undefined;
  let first = 0;

  const line = {
    ...{ bytes, start: 0, end: 0 },
    mayHoldMark: () => code.holdsMark(places.marks, room + line.start, room + line.end) === 1,
    add: () => counter?.add(first),
    accept: () => counter?.accept?.(first),
  };

  /** Whether a shape was learned from the line. */
  function readPlain(): boolean {
    const { examples } = progress;
    const faults = faultsOf(progress);
    plain.push(line.bytes.subarray(line.start, line.end + 1));
    const isFaultless = progress.examples > examples && faultsOf(progress) === faults;
    return isFaultless && shapes.learn(line);
  }

  function readTable(count: number): number {
    for (let index = 0; index < count; index++) {
      const row = lines / 4 + index * LINE_WORDS;
      line.start = (words[row] as number) - room;
      line.end = (words[row + 1] as number) - room;
      const shape = words[row + 2] as number;
      first = words[row + 3] as number;
      counter = shape < 0 ? undefined : counters[shape];
      if (counter?.isEnough(first)) {
        progress.line += 1;
        progress.lineBytes = line.end - line.start;
        reader.countProved(line);
      } else if (readPlain()) break;
      if (progress.isStopped) break;
    }
    return room + line.end + 1;
  }

  /** Reads the whole lines at the beginning of the room. */
  function readLines(until: number): void {
    line.bytes = bytes.subarray(room, until);
    for (let from = room; from < until && !progress.isStopped; ) {
      from = readTable(
        code.scan(shapes.root(), from, until, lines, MAX_LINES, places.texts, MAX_TEXTS, places.unescaped),
      );
    }
  }

  return createLineRoom(scanner, { plain, progress, readLines });
}

/** The same number before and after a line of which nothing was said. */
const faultsOf = ({ issues, strange, unusable, leftOut }: FileProgress) =>
  issues + strange + unusable + leftOut;
