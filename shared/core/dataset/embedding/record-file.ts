/** Queries and documents: `{"_id", "text", "title"?}`, one a line. */
import { type ParsedObject, typeName } from '../../json/values.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import { createHeadReader } from '../faults/recognise.ts';
import type { ObjectChecker } from '../formats/example-checker.ts';
import { createExtraFields, type ExtraFields } from '../formats/extra-fields.ts';
import { checkPresent, checkTextValue, checkWellFormed } from '../formats/fields.ts';
import { createJsonLines } from '../jsonl/json-lines.ts';
import { fileCounts, stopsWhereHopeless } from '../lines/progress.ts';
import { WHOLE_FILE } from '../lines/reporter.ts';
import { createTextFile, type SplitRecords } from '../lines/text-file.ts';
import type { RecordStatistics } from '../statistics.ts';
import { createLengthTally } from '../tallies/lengths.ts';
import { createIdSet, type IdSet, type KnownIds } from './ids.ts';
import { createEmbeddingTools, type EmbeddingFileOptions, type EmbeddingTools } from './tools.ts';

export interface RecordFile {
  readonly isOver: boolean;
  push(chunk: Uint8Array): void;
  /** `known` is undefined where not all ids were read: then nobody can say that one is not there. */
  finish(): { statistics: RecordStatistics; known: KnownIds | undefined };
}

const RULES = {
  queries: { what: 'query', min: EMBEDDING_DATASET.minQueries, max: EMBEDDING_DATASET.maxQueries },
  corpus: { what: 'document', min: EMBEDDING_DATASET.minDocuments, max: EMBEDDING_DATASET.maxDocuments },
} as const;

const KNOWN_FIELDS = ['_id', 'text', 'title'] as const;

/** Makes the check of the queries or of the corpus. */
export function createRecordFile(
  role: RecordStatistics['role'],
  options: EmbeddingFileOptions,
  split?: SplitRecords,
): RecordFile {
  const { what, min, max } = RULES[role];
  const tools = createEmbeddingTools(options);
  const { report, progress } = tools;
  const ids = createIdSet(tools.hasher, max);
  const extras = createExtraFields(tools);
  const checker = createRecordChecker(tools, { ids, extras });
  const file = createTextFile(
    createJsonLines({ report, progress, checker, expected: 'embedding' }),
    { ...tools, readHead: createHeadReader(report, { expected: 'embedding', isCut: split !== undefined }) },
    split,
  );

  function reportWhole({ examples }: RecordStatistics): void {
    if (examples < min) report('records_too_few', { records: examples, min, what }, WHOLE_FILE);
    if (examples > max) report('records_too_many', { records: examples, max, what }, WHOLE_FILE);
    extras.reportAll();
  }

  return {
    get isOver() {
      return file.isOver;
    },
    push(chunk) {
      file.push(chunk);
      if (!stopsWhereHopeless(progress, max)) return;
      report('records_too_many', { records: progress.examples, max, what, isRestUnread: true }, WHOLE_FILE);
    },
    finish() {
      file.finish();
      const { ids: idsRead, ...counts } = checker.counts();
      const statistics: RecordStatistics = {
        format: 'embedding',
        role,
        ...fileCounts(progress, file.bytes),
        ...counts,
      };
      if (progress.isStopped) return { statistics, known: undefined };
      reportWhole(statistics);
      return { statistics, known: { ids, unread: progress.examples - idsRead } };
    },
  };
}

type RecordCounts = Pick<RecordStatistics, 'textCharacters' | 'recordsWithTitle' | 'duplicateIds'>;

interface RecordChecker extends ObjectChecker {
  /** What was counted, with the number of records whose id could be read. */
  counts(): RecordCounts & { ids: number };
}

function createRecordChecker(
  { report, progress }: EmbeddingTools,
  { ids, extras }: { ids: IdSet; extras: ExtraFields },
): RecordChecker {
  const lengths = createLengthTally();
  let idsRead = 0;
  let duplicateIds = 0;
  let recordsWithTitle = 0;

  const isText = (record: ParsedObject, field: '_id' | 'text') =>
    checkPresent(record, field, report) && checkTextValue(record[field], field, report);

  /** An id that is a number is an error, and still the one that the labels mean. */
  function noteId(record: ParsedObject): void {
    const isSound = isText(record, '_id');
    if (!isSound && typeof record._id !== 'number') return;
    const id = String(record._id);
    idsRead += 1;
    const firstLine = ids.add(id, progress.line);
    if (firstLine === 0) return;
    duplicateIds += 1;
    report('record_id_duplicate', { firstLine }, { path: '_id' });
  }

  /** A title may be left out and may be empty. */
  function checkTitle({ title }: ParsedObject): void {
    if (title === undefined) return;
    if (typeof title !== 'string') {
      report('field_wrong_type', { expected: 'a text', type: typeName(title) }, { path: 'title' });
    } else if (checkWellFormed(title, 'title', report) && title !== '') recordsWithTitle += 1;
  }

  return {
    isExpectedFormat: (record) => typeof record._id === 'string' && typeof record.text === 'string',
    check(record) {
      noteId(record);
      if (isText(record, 'text')) lengths.add((record.text as string).length);
      checkTitle(record);
      const keys = Object.keys(record).length;
      const isPlain = keys <= KNOWN_FIELDS.length && hasOnlyKnown(record);
      if (isPlain) return keys;
      return extras.note(record, KNOWN_FIELDS) ? 'unknown' : keys;
    },
    counts: () => ({ textCharacters: lengths.summary(), recordsWithTitle, duplicateIds, ids: idsRead }),
  };
}

const hasOnlyKnown = (record: ParsedObject) =>
  Object.keys(record).every((key) => (KNOWN_FIELDS as readonly string[]).includes(key));
