/** `{"query", "pos", "neg"}`: a query with texts that answer it and texts that do not, from which queries, corpus and labels are made. */
import { findJsonFault } from '../../json/line.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import { checkTextValue } from '../formats/fields.ts';
import type { RewriteOptions } from '../forms/convert-records.ts';
import { noteUnused } from '../forms/form.ts';
import type { Reporter } from '../lines/reporter.ts';
import { rewriteRecords } from '../lines/rewrite-records.ts';
import { type LineConsumer, type SplitRecords, splitLines } from '../lines/text-file.ts';

/** The files of a model that one file of triples stands for. */
export type TriplePart = 'queries' | 'corpus' | 'labels';

/** What sentence-transformers calls them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...{ anchor: 'query', positive: 'pos', positives: 'pos', negative: 'neg', negatives: 'neg' },
};

/** The record with the names of a triple, where it has no field of such a name. */
function named(record: unknown): unknown {
  if (!isObject(record) || Object.hasOwn(record, 'pos')) return record;
  const renamed = Object.entries(record).map(([name, value]) => [OTHER_NAMES[name] ?? name, value] as const);
  return new Set(renamed.map(([name]) => name)).size === renamed.length
    ? Object.fromEntries(renamed)
    : record;
}

/** Whether a file holds triples, by its first line. */
export function areTriples(beginning: Uint8Array): boolean {
  const [first = ''] = new TextDecoder().decode(beginning).split('\n', 1);
  const record = named(parsedOrNot(first));
  return isObject(record) && Object.hasOwn(record, 'query') && Object.hasOwn(record, 'pos');
}

export interface TripleOptions {
  part: TriplePart;
  /** A field that no triple has, on the line of `progress`. */
  onUnused: (field: string, line: number) => void;
}

/** Cuts a file of triples into the lines of one part; what is wrong with a triple is told with the queries. */
export function splitTriples({ part, onUnused }: TripleOptions): SplitRecords {
  return (reader, tools) => {
    const { progress } = tools;
    const report: Reporter = part === 'queries' ? tools.report : () => {};
    let number = 0;
    const refuse = () => {
      progress.examples += 1;
      progress.unusable += 1;
    };
    const triples: LineConsumer = {
      readLine(text, invalidByte) {
        number += 1;
        const triple = readTriple(text, invalidByte, report);
        if (triple === undefined) return refuse();
        noteUnused(triple.record, KNOWN, { onUnused: (field) => onUnused(field, progress.line) });
        for (const line of PARTS[part](triple, number)) {
          progress.lastErrorLine = 0;
          reader.readLine(line, 0);
        }
      },
      readLongLine: reader.readLongLine,
    };
    return splitLines(triples, tools);
  };
}

const KNOWN = ['query', 'pos', 'neg'];

interface Triple {
  record: ParsedObject;
  query: string;
  pos: string[];
  neg: string[];
}

function readTriple(text: string, invalidByte: number, report: Reporter): Triple | undefined {
  const record = named(parsedOrNot(text));
  if (invalidByte > 0) report('line_not_utf8', { byteColumn: invalidByte });
  else if (record === undefined) report('line_not_json', findJsonFault(text) ?? UNKNOWN);
  else if (!isObject(record)) report('line_not_object', { type: typeName(record) });
  if (invalidByte > 0 || !isObject(record)) return undefined;
  const { query } = record;
  const isAsked = checkTextValue(query, 'query', report);
  const pos = textsIn(record.pos, 'pos', report);
  const neg = textsIn(record.neg ?? [], 'neg', report);
  return isAsked && pos && neg ? { record, query, pos, neg } : undefined;
}

const UNKNOWN = { problem: 'unexpected_character', column: 1 } as const;

/** A text, or a list of them. */
function textsIn(value: unknown, path: string, report: Reporter): string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((text, index): text is string =>
    checkTextValue(text, `${path}[${index}]`, report),
  );
  return texts.length === list.length ? texts : undefined;
}

type Ids = [id: string, text: string][];

const documentsOf = ({ pos, neg }: Triple, number: number): { pos: Ids; neg: Ids } => ({
  pos: pos.map((text, index) => [`d${number}-${index + 1}`, text]),
  neg: neg.map((text, index) => [`d${number}-n${index + 1}`, text]),
});

/** The lines of each part that a triple gives; ids are made of its number in the file. */
const PARTS: Record<TriplePart, (triple: Triple, number: number) => string[]> = {
  queries: ({ query }, number) => [JSON.stringify({ _id: `q${number}`, text: query })],
  corpus(triple, number) {
    const { pos, neg } = documentsOf(triple, number);
    return [...pos, ...neg].map(([_id, text]) => JSON.stringify({ _id, text }));
  },
  labels(triple, number) {
    const { pos, neg } = documentsOf(triple, number);
    return [...pos.map(([id]) => `${id}\t1`), ...neg.map(([id]) => `${id}\t0`)].map(
      (rest) => `q${number}\t${rest}`,
    );
  },
};

/** Writes one part of a file of triples that was checked. */
export async function* writeTriples(
  chunks: AsyncIterable<Uint8Array>,
  { part, onLine = () => {} }: { part: TriplePart } & Pick<RewriteOptions, 'onLine'>,
): AsyncGenerator<string> {
  if (part === 'labels') {
    onLine(1);
    yield `${EMBEDDING_DATASET.labelHeader.join('\t')}\n`;
  }
  yield* rewriteRecords(chunks, {
    split: splitTriples({ part, onUnused: () => {} }),
    write: (text, _number, line) => {
      onLine(line);
      return `${text}\n`;
    },
  });
}
