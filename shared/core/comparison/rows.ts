/** What is different in two versions of a data set, example by example. Pure; memory grows with the first file, 40 bytes or so an example. */
import type { Example } from '../dataset/forms/example.ts';
import { textsOfTurn } from '../dataset/forms/example.ts';
import { formOfRecord } from '../dataset/forms/recognise.ts';
import { FORMS } from '../dataset/forms/table.ts';
import { createTextHasher } from '../dataset/tallies/text-hash.ts';
import { parsedOrNot } from '../json/parsed.ts';
import { isObject } from '../json/values.ts';

/** Lines are from 1, as an editor counts them. */
export interface RowDifferences {
  /** Examples that both have. */
  same: number;
  /** Lines of the later file that the earlier has not. */
  added: number[];
  /** Lines of the earlier file that the later has not. */
  removed: number[];
  /** The same input with another answer: its line in both files. */
  changed: { before: number; after: number }[];
}

type Lines = AsyncIterable<string> | Iterable<string>;

/** Lines of JSON; blank ones do not count. A line may be there several times: each is held against one of the other file. */
export async function compareRows(before: Lines, after: Lines): Promise<RowDifferences> {
  const keysOf = createRowKeys();
  const waiting: Lists = new Map();
  await eachRow(before, (text, line) => {
    const { whole, input } = keysOf(text);
    add(waiting, whole, { line, input });
  });
  let same = 0;
  const found: Place[] = [];
  await eachRow(after, (text, line) => {
    const { whole, input } = keysOf(text);
    if (takeNext(waiting, whole)) same += 1;
    else found.push({ line, input });
  });
  return { same, ...pairUp(leftIn(waiting), found) };
}

interface Place {
  line: number;
  input: string;
}

/** What is left of both files: by input, in the order of lines. */
function pairUp(gone: readonly Place[], found: readonly Place[]): Omit<RowDifferences, 'same'> {
  const byInput: Lists = new Map();
  for (const place of [...gone].sort(byLine)) add(byInput, place.input, place);
  const added: number[] = [];
  const changed: RowDifferences['changed'] = [];
  for (const { line, input } of found) {
    const earlier = takeNext(byInput, input);
    if (earlier) changed.push({ before: earlier.line, after: line });
    else added.push(line);
  }
  const removed = leftIn(byInput).sort(byLine);
  return { added, removed: removed.map(({ line }) => line), changed };
}

const byLine = (one: Place, other: Place) => one.line - other.line;

/** Places by key, the first `taken` of which are used up: to shift a list of many same lines costs as much as it is long. */
type Lists = Map<string, { places: Place[]; taken: number }>;

function add(lists: Lists, key: string, place: Place): void {
  const list = lists.get(key);
  if (list) list.places.push(place);
  else lists.set(key, { places: [place], taken: 0 });
}

function takeNext(lists: Lists, key: string): Place | undefined {
  const list = lists.get(key);
  const next = list?.places[list.taken];
  if (list && next) list.taken += 1;
  return next;
}

const leftIn = (lists: Lists) => [...lists.values()].flatMap(({ places, taken }) => places.slice(taken));

async function eachRow(lines: Lines, onRow: (text: string, line: number) => void): Promise<void> {
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() !== '') onRow(text, line);
  }
}

/** Keys of a line: of all that it says, and of what it asks. However its JSON was escaped or spaced, the same example has the same keys. */
function createRowKeys(): (text: string) => { whole: string; input: string } {
  const hasher = createTextHasher();
  const hash = (text: string) => {
    hasher.reset();
    hasher.write(text);
    hasher.digest();
    return `${hasher.low},${hasher.high}`;
  };
  return (text) => {
    const record = parsedOrNot(text);
    try {
      const input = isObject(record) ? inputOf(record) : undefined;
      const whole = hash(record === undefined ? text : JSON.stringify(record));
      return { whole, input: input === undefined ? whole : hash(input) };
    } catch {
      // JSON is read however deep it nests, and written only as deep as the stack is: a line that no check let through.
      const whole = hash(text);
      return { whole, input: whole };
    }
  };
}

/** What an example asks, as one text; undefined where its form is not known. */
function inputOf(record: Record<string, unknown>): string | undefined {
  const form = formOfRecord(record);
  const example = form && FORMS[form].read(record, { report: () => {}, onUnused: () => {} });
  return example && JSON.stringify([example.system, ...askedTurns(example).map(textsOfTurn)]);
}

const askedTurns = ({ turns, pair }: Example) => (pair ? turns : turns.slice(0, -1));
