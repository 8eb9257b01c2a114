/** Cuts values of JSON out of what is around them, byte by byte, without reading them. */
import { shownKey } from '../../json/line.ts';
import type { FileProgress } from '../lines/progress.ts';
import type { FileTools, LineConsumer, RecordSplitter } from '../lines/text-file.ts';
import { createByteFinder } from './byte-finder.ts';
import type { Container } from './container.ts';
import { createNextRecord } from './next-record.ts';
import { createRecordBytes, type RecordBytes } from './record-bytes.ts';

type JsonContainer = Extract<Container, { kind: 'values' | 'array' | 'list' | 'members' }>;

const [LINE_FEED, QUOTE, BACKSLASH, COMMA, COLON] = [0x0a, 0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** How deep the values lie. */
const DEPTHS: Record<JsonContainer['kind'], number> = { values: 0, array: 1, list: 2, members: 1 };

/** By byte: 1 where it can begin or end something inside of a value. */
const IS_STRUCTURE = new Uint8Array(256);
for (const byte of [LINE_FEED, QUOTE, COMMA, COLON, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT]) {
  IS_STRUCTURE[byte] = 1;
}

const NAMED_FIELDS = 10;
const LONGEST_NAME = 400;

/** Makes the splitter of one file. */
export function createJsonValues(
  container: JsonContainer,
  reader: LineConsumer,
  { report, progress }: FileTools,
): RecordSplitter {
  const record = createRecordBytes(reader, progress);
  const place = createPlace(container);
  const lines = createLines();
  const next = createNextRecord(record);
  const { isEndOfPlain, isBegin, isEnd } = createBounds(container, { record, place, progress });
  const tellRest = createRestTeller(report);
  let lastByte = 0;

  return {
    push(chunk) {
      let start = 0;
      const hold = (end: number) => {
        record.add(chunk, start, end);
        start = end;
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (place.isInString) {
          at = place.passText(chunk, at);
          if (chunk[at] === LINE_FEED) lines.end(at);
          if (!next.isAwaited || at === chunk.length) continue;
          hold(at + 1);
          if (next.endsBefore(lines.number)) place.restart();
          continue;
        }
        if (record.isOpen && IS_STRUCTURE[byte] === 0) continue;
        if (byte > 0x20 && place.isBehindAll()) tellRest(lines.number);
        if (byte > 0x20 || byte === LINE_FEED) {
          if (record.isOpen && isEndOfPlain(byte)) {
            hold(at);
            record.end();
          } else if (isBegin(byte)) {
            record.begin(lines.number);
            next.begin(lines.column(at));
            start = at;
          } else if (byte === OPEN_OBJECT && record.isOpen && next.isPlace(lines.column(at))) {
            hold(at);
            next.mayBegin();
          } else if (next.isAwaited && byte !== QUOTE && byte !== LINE_FEED) next.drop();
          place.step(byte);
          if (isEnd(byte)) {
            hold(at + 1);
            record.end();
          }
        }
        if (byte === LINE_FEED) lines.end(at);
      }
      if (record.isOpen) record.add(chunk, start, chunk.length);
      lines.endChunk(chunk.length);
      lastByte = chunk.at(-1) ?? lastByte;
    },
    finish() {
      const isBroken = progress.broken > 0;
      const isOpen = record.isOpen || (container.kind !== 'values' && !(place.isOver && place.isClosed));
      progress.isRestUnread = record.isOpen && container.kind !== 'values';
      if (record.isOpen) record.end();
      // Brackets that a broken record leaves open are the record's fault, and what stands behind it was not read.
      else if (container.kind !== 'values' && !place.isOver && !isBroken) {
        report('line_not_json', { problem: 'list_not_closed', column: 1 }, { line: lines.number });
      }
      if (isOpen && progress.broken > 0) progress.isStopped = true;
      reportBeside(place.beside, report);
      progress.line = lastByte === LINE_FEED ? lines.number - 1 : lines.number;
    },
  };
}

/** Counts lines, and the bytes before a place on its line. */
function createLines() {
  let [start, passed] = [0, 0];
  const lines = {
    number: 1,
    column: (at: number) => passed + at - start,
    /** The line ends there in the chunk. */
    end(at: number): void {
      lines.number += 1;
      start = passed + at + 1;
    },
    endChunk(length: number): void {
      passed += length;
    },
  };
  return lines;
}

/** Another list, or what else stands behind the one that was read, is none of it. */
function createRestTeller(report: FileTools['report']): (line: number) => void {
  let isTold = false;
  return (line) => {
    if (!isTold) report('line_not_json', { problem: 'text_after_list', column: 1 }, { line });
    isTold = true;
  };
}

/** What begins and ends a record, where the bytes are. */
function createBounds(
  { kind }: JsonContainer,
  { record, place, progress }: { record: RecordBytes; place: Place; progress: FileProgress },
) {
  /** How many records were broken before the last one. */
  let brokenBefore = 0;
  return {
    /** A number or a word ends with what cannot be in it. */
    isEndOfPlain: (byte: number) =>
      place.isOfValues() && (byte === COMMA || byte === LINE_FEED || byte === CLOSE_ARRAY),
    isBegin(byte: number): boolean {
      if (record.isOpen) return false;
      const isOne =
        (kind !== 'members' || byte === OPEN_OBJECT) &&
        byte > 0x20 &&
        byte !== COMMA &&
        byte !== CLOSE_ARRAY &&
        // What is left of a broken record is told already.
        !(byte === CLOSE_OBJECT && progress.broken > brokenBefore) &&
        place.isOfValues();
      if (isOne) brokenBefore = progress.broken;
      return isOne;
    },
    isEnd: (byte: number) =>
      (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && record.isOpen && place.isOfValues(),
  };
}

/** Notes beside the list are left out; of two lists nobody knows which one is meant. */
function reportBeside({ names, lists }: Beside, report: FileTools['report']): void {
  if (names.length === 0) return;
  if (lists.length === 0) report('dataset_beside_list', { fields: names }, { line: 1 });
  else report('dataset_beside_list', { fields: names, lists }, { line: 1, severity: 'error' });
}

/** Where the bytes that were read lead to. */
interface Place {
  step(byte: number): void;
  /** Goes on within a record that has begun, whatever is open. */
  restart(): void;
  /** Goes on in a text to the byte that ends it, or to the end of the chunk. */
  passText(chunk: Buffer, at: number): number;
  readonly isInString: boolean;
  /** Whether the values of the file lie here, and not what is around or inside of them. */
  isOfValues(): boolean;
  /** Whether all that is around the values has ended. */
  isBehindAll(): boolean;
  /** What the values lie in has ended. */
  readonly isOver: boolean;
  /** Whether every bracket that was opened is closed. */
  readonly isClosed: boolean;
  readonly beside: Beside;
}

function createPlace(container: JsonContainer): Place {
  const base = DEPTHS[container.kind];
  const listName = container.kind === 'list' ? container.name : undefined;
  const isOfList = container.kind === 'array' || container.kind === 'list';
  const hasNames = listName !== undefined || container.kind === 'members';
  const key = createKeyReader();
  const beside = createBeside(container);
  let depth = 0;
  let isInList = listName === undefined;
  /** The name of the member that is read, where it is an array: strings within it are no names. */
  let openArray: string | undefined;

  const texts = createTextEnds();

  function passText(chunk: Buffer, start: number): number {
    const end = texts.pass(chunk, start);
    if (hasNames && depth === 1) key.add(chunk.subarray(start, end));
    if (end < chunk.length) leaveText();
    return end;
  }

  function leaveText(): void {
    place.isInString = false;
    key.end();
  }

  function open(byte: number): void {
    if (depth === 1 && byte === OPEN_ARRAY && key.text === listName) isInList = true;
    if (depth === 1) openArray = byte === OPEN_ARRAY ? key.text : undefined;
    if (depth === 2 && byte === OPEN_OBJECT && openArray !== undefined) beside.noteList(openArray);
    depth += 1;
  }

  function close(): void {
    depth = Math.max(depth - 1, 0);
    if (depth < base && isInList) place.isOver = true;
  }

  /** In a list a brace that was never opened ends nothing. */
  const isStray = (byte: number) =>
    byte === CLOSE_OBJECT && isOfList && depth === base && isInList && !place.isOver;

  const place = {
    passText,
    restart() {
      depth = base + 1;
    },
    isInString: false,
    isOver: false,
    beside,
    get isClosed() {
      return depth === 0;
    },
    isBehindAll: () => depth === 0 && place.isOver,
    isOfValues: () => depth === base && isInList && !place.isOver,
    step(byte: number): void {
      if (depth === 1) beside.noteByte(byte, key.text);
      if (byte === QUOTE) place.isInString = texts.begin();
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(byte);
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && !isStray(byte)) close();
    },
  };
  return place;
}

/** Finds where texts end: with their quote, and in a broken file with their line. */
function createTextEnds() {
  const quotes = createByteFinder(QUOTE);
  const lineFeeds = createByteFinder(LINE_FEED);
  let isEscaped = false;
  return {
    begin(): true {
      isEscaped = false;
      return true;
    },
    /** To the byte that ends the text, or the end of the chunk. */
    pass(chunk: Buffer, start: number): number {
      let from = start;
      for (;;) {
        const end = Math.min(quotes.next(chunk, from), lineFeeds.next(chunk, start));
        let slashes = 0;
        while (end - slashes > start && chunk[end - slashes - 1] === BACKSLASH) slashes += 1;
        const isAfterSlash = (slashes + (isEscaped && slashes === end - start ? 1 : 0)) % 2 === 1;
        if (end < chunk.length && chunk[end] === QUOTE && isAfterSlash) {
          from = end + 1;
          continue;
        }
        isEscaped = isAfterSlash;
        return end;
      }
    },
  };
}

/** Lists that say what the fields of the examples are, as data sets are exported, and hold no example. */
const OF_COLUMNS: ReadonlySet<string> = new Set(['features', 'columns', 'fields', 'schema']);

/** What stands beside the list of examples. */
interface Beside {
  readonly names: string[];
  /** Those of them that are lists of objects. */
  readonly lists: string[];
  /** A byte between the members of the outermost object, with the name before it. */
  noteByte(byte: number, key: string): void;
  noteList(key: string): void;
}

function createBeside(container: JsonContainer): Beside {
  const listName = container.kind === 'list' ? container.name : undefined;
  const hasNames = listName !== undefined || container.kind === 'members';
  const [names, lists]: [string[], string[]] = [[], []];
  /** A member is read, and its value begins next. */
  let isAfterColon = false;
  const addTo = (list: string[], key: string) => {
    const name = shownKey(key);
    const isBeside = hasNames && key !== listName;
    if (isBeside && list.length < NAMED_FIELDS && !list.includes(name)) list.push(name);
  };
  return {
    ...{ names, lists },
    noteByte(byte, key) {
      // An object under a name of its own is an example.
      if (isAfterColon && byte !== OPEN_OBJECT) addTo(names, key);
      isAfterColon = container.kind === 'members' && byte === COLON;
      if (listName !== undefined && byte === COLON) addTo(names, key);
    },
    noteList: (key) => {
      if (!OF_COLUMNS.has(key)) addTo(lists, key);
    },
  };
}

/** The name of a member, in its raw letters; what is longer than any name is not kept. */
function createKeyReader() {
  let parts: Buffer[] = [];
  let length = 0;
  const reader = {
    text: '',
    add(bytes: Buffer): void {
      if (length > LONGEST_NAME) return;
      length += bytes.length;
      parts.push(Buffer.from(bytes.subarray(0, LONGEST_NAME)));
    },
    end(): void {
      reader.text = Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
    },
  };
  return reader;
}
