/** Queries and documents: `{"_id", "text", "title"?}`, one a line. */

import { type DatasetIssue, datasetIssue } from '../../issues/dataset.ts';
import { type EmbeddingIssue, embeddingIssue } from '../../issues/embedding.ts';
import { type JsonObject, typeName } from '../../json/values.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import { checkPresent, checkTextValue, checkWellFormed, createExtraFields } from '../formats/fields.ts';
import type { ExampleChecker } from '../formats/format.ts';
import { createLineReader, createProgress } from '../jsonl/json-lines.ts';
import { createReport, type Report, type ReportOf } from '../lines/reporter.ts';
import { createTextFile } from '../lines/text-file.ts';
import { createLengthTally } from '../tallies/lengths.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import { createIdSet, type IdSet } from './ids.ts';
import type { RecordStatistics } from './statistics.ts';

export interface RecordFileOptions {
  uri: string;
  role: RecordStatistics['role'];
  hasher: TextHasher;
  add: (issue: DatasetIssue | EmbeddingIssue) => void;
}

/** The ids of a file, for the labels to be compared with. */
export interface KnownIds {
  ids: IdSet;
  /** Records whose id could not be read. */
  unread: number;
}

export interface RecordFile {
  push(chunk: Uint8Array): void;
  finish(): { statistics: RecordStatistics; known: KnownIds };
}

const RULES = {
  queries: { what: 'query', min: EMBEDDING_DATASET.minQueries, max: EMBEDDING_DATASET.maxQueries },
  corpus: { what: 'document', min: EMBEDDING_DATASET.minDocuments, max: EMBEDDING_DATASET.maxDocuments },
} as const;

const WHOLE_FILE = { line: 0 } as const;
const KNOWN_FIELDS = ['_id', 'text', 'title'] as const;

/** Makes the check of the queries or of the corpus. */
export function createRecordFile({ uri, role, hasher, add }: RecordFileOptions): RecordFile {
  const { what, min, max } = RULES[role];
  const progress = createProgress();
  const report = createReport(datasetIssue, { uri, progress, add });
  const reportRecord = createReport<EmbeddingIssue>(embeddingIssue, { uri, progress, add });
  const lineNow = () => progress.line;
  const ids = createIdSet(hasher, max);
  const extras = createExtraFields({ lineNow, report });
  const checker = createRecordChecker({ report, reportRecord, lineNow, ids, extras });
  const reader = createLineReader({ report, progress, checker, expected: 'embedding' });
  const file = createTextFile(reader, { report, progress });

  function reportFile(): void {
    const { examples, blankLines, firstBlankLine } = progress;
    if (blankLines > 0) report('dataset_blank_lines', { count: blankLines }, { line: firstBlankLine });
    if (examples < min) reportRecord('records_too_few', { records: examples, min, what }, WHOLE_FILE);
    if (examples > max) reportRecord('records_too_many', { records: examples, max, what }, WHOLE_FILE);
    extras.reportAll();
  }

  return {
    push: file.push,
    finish() {
      file.finish();
      const { duplicateIds, ids: idsRead, ...counts } = checker.counts();
      const statistics: RecordStatistics = {
        format: 'embedding',
        role,
        bytes: file.bytes,
        lines: progress.line,
        blankLines: progress.blankLines,
        examples: progress.examples,
        unusableExamples: progress.unusable,
        ...counts,
        duplicateIds,
      };
      if (!progress.isStopped) reportFile();
      return { statistics, known: { ids, unread: progress.examples - idsRead } };
    },
  };
}

interface RecordTools {
  report: Report;
  reportRecord: ReportOf<EmbeddingIssue>;
  lineNow: () => number;
  ids: IdSet;
  extras: ReturnType<typeof createExtraFields>;
}

type RecordCounts = Pick<RecordStatistics, 'textCharacters' | 'recordsWithTitle' | 'duplicateIds'>;

interface RecordChecker extends ExampleChecker {
  /** What was counted, with the number of records whose id could be read. */
  counts(): RecordCounts & { ids: number };
}

function createRecordChecker({ report, reportRecord, lineNow, ids, extras }: RecordTools): RecordChecker {
  const lengths = createLengthTally();
  let idsRead = 0;
  let duplicateIds = 0;
  let recordsWithTitle = 0;

  const isText = (record: JsonObject, field: '_id' | 'text') =>
    checkPresent(record, field, report) && checkTextValue(record[field], field, report);

  /** An id that is a number is an error, and still the one that the labels mean. */
  function noteId(record: JsonObject): void {
    const isSound = isText(record, '_id');
    if (!isSound && typeof record._id !== 'number') return;
    const id = String(record._id);
    idsRead += 1;
    const firstLine = ids.add(id, lineNow());
    if (firstLine === 0) return;
    duplicateIds += 1;
    reportRecord('record_id_duplicate', { id, firstLine }, { path: '_id' });
  }

  /** A title may be left out and may be empty. */
  function checkTitle({ title }: JsonObject): void {
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

const hasOnlyKnown = (record: JsonObject) =>
  Object.keys(record).every((key) => (KNOWN_FIELDS as readonly string[]).includes(key));
