/** Cuts values of JSON out of what is around them, byte by byte, without reading them. */
import { shownKey } from '../../json/line.ts';
import type { FileTools, LineConsumer, RecordSplitter } from '../lines/text-file.ts';
import { createByteFinder } from './byte-finder.ts';
import type { Container } from './container.ts';
import { createRecordBytes } from './record-bytes.ts';

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
  let line = 1;
  let lastByte = 0;
  let isRestTold = false;

  /** A number or a word ends with what cannot be in it. */
  const isEndOfPlain = (byte: number) =>
    place.isOfValues() && (byte === COMMA || byte === LINE_FEED || byte === CLOSE_ARRAY);
  const isBegin = (byte: number) =>
    (container.kind !== 'members' || byte === OPEN_OBJECT) &&
    byte > 0x20 &&
    byte !== COMMA &&
    byte !== CLOSE_ARRAY &&
    !(byte === CLOSE_OBJECT && progress.broken > 0) &&
    !record.isOpen &&
    place.isOfValues();
  const isEnd = (byte: number) =>
    (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && record.isOpen && place.isOfValues();

  /** Another list, or what else stands behind the one that was read, is none of it. */
  function tellRest(): void {
    if (!isRestTold) report('line_not_json', { problem: 'text_after_list', column: 1 }, { line });
    isRestTold = true;
  }

  return {
    push(chunk) {
      let start = 0;
      const take = (end: number) => {
        record.add(chunk, start, end);
        record.end();
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (place.isInString) {
          at = place.passText(chunk, at);
          if (chunk[at] === LINE_FEED) line += 1;
          continue;
        }
        if (record.isOpen && IS_STRUCTURE[byte] === 0) continue;
        if (byte > 0x20 && place.isBehindAll()) tellRest();
        if (byte > 0x20 || byte === LINE_FEED) {
          if (record.isOpen && isEndOfPlain(byte)) take(at);
          else if (isBegin(byte)) {
            record.begin(line);
            start = at;
          }
          place.step(byte);
          if (isEnd(byte)) take(at + 1);
        }
        if (byte === LINE_FEED) line += 1;
      }
      if (record.isOpen) record.add(chunk, start, chunk.length);
      lastByte = chunk.at(-1) ?? lastByte;
    },
    finish() {
      const isBroken = progress.broken > 0;
      const isOpen = record.isOpen || (container.kind !== 'values' && !(place.isOver && place.isClosed));
      if (record.isOpen) record.end();
      // Brackets that a broken record leaves open are the record's fault, and what stands behind it was not read.
      else if (container.kind !== 'values' && !place.isOver && !isBroken) {
        report('line_not_json', { problem: 'list_not_closed', column: 1 }, { line });
      }
      if (isOpen && progress.broken > 0) progress.isStopped = true;
      reportBeside(place.beside, report);
      progress.line = lastByte === LINE_FEED ? line - 1 : line;
    },
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
  const hasNames = listName !== undefined || container.kind === 'members';
  const key = createKeyReader();
  const beside = createBeside(container);
  let depth = 0;
  let isEscaped = false;
  let isInList = listName === undefined;
  /** The name of the member that is read, where it is an array: strings within it are no names. */
  let openArray: string | undefined;

  const quotes = createByteFinder(QUOTE);
  const lineFeeds = createByteFinder(LINE_FEED);

  /** A text ends with its quote, and in a broken file with its line. */
  function passText(chunk: Buffer, start: number): number {
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
      if (hasNames && depth === 1) key.add(chunk.subarray(start, end));
      isEscaped = isAfterSlash;
      if (end < chunk.length) leaveText();
      return end;
    }
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

  const place = {
    passText,
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
      if (byte === QUOTE) [place.isInString, isEscaped] = [true, false];
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(byte);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) close();
    },
  };
  return place;
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
