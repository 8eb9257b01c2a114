import type { EmbeddingIssue } from '../../../shared/core/issues/embedding.ts';
import { HEADER, labels, record, records } from '../../core/embedding-samples.ts';
import type { Content, Tried, Upload } from './upload.ts';

const NAMES = { queries_path: 'q.jsonl', corpus_path: 'c.jsonl', train_label_path: 'l.tsv' };
const SOUND = { 'q.jsonl': records('q'), 'c.jsonl': records('d'), 'l.tsv': labels() };
type Name = keyof typeof SOUND | 'test.tsv';

const uploadOf = (files: Partial<Record<Name, Content>>, more: Record<string, unknown> = {}): Upload => ({
  manifest: { base_model: 'text-embedding-005', ...NAMES, ...more },
  files: { ...SOUND, ...files },
});

/** One of the files, which is sound where it is not given. */
const wrong = (files: Partial<Record<Name, Content>>): Tried => ({
  upload: uploadOf(files),
  followed: uploadOf({}),
});
const label = (text: string) => wrong({ 'l.tsv': labels(10, { 5: text }) });
const rest = (from: number) =>
  [HEADER, ...[0, 1, 2].map((index) => `q${from + index}\td${from + index}\t1`)].join('\n');

/** Remedies of the files of embedding tuning that a machine can follow. */
export const EMBEDDING_REMEDIES: Partial<
  Record<EmbeddingIssue['code'] | 'train_steps_below_minimum' | 'accelerators_over_limit', Tried>
> = {
  record_id_duplicate: wrong({ 'q.jsonl': records('q', 12, { 12: record('q3') }) }),
  records_too_few: wrong({ 'c.jsonl': records('d', 5) }),
  records_too_many: wrong({ 'q.jsonl': records('q', 10_001) }),
  labels_empty: wrong({ 'l.tsv': HEADER }),
  labels_header_missing: wrong({ 'l.tsv': labels().slice(HEADER.length + 1) }),
  labels_header_unexpected: wrong({ 'l.tsv': labels().replaceAll('\t', ',') }),
  labels_header_without_score: wrong({ 'l.tsv': labels().replace('\tscore', '') }),
  labels_columns: label('q4'),
  labels_id_empty: label('\td4\t1'),
  labels_score_invalid: label('q4\td4\t0.5'),
  labels_query_unknown: label('Q4\td4\t1'),
  labels_document_unknown: label(`q4\t"d4"\t1`),
  labels_duplicate: wrong({ 'l.tsv': `${labels()}\nq1\td1\t1` }),
  labels_conflict: wrong({ 'l.tsv': `${labels()}\nq1\td1\t0` }),
  labels_none_relevant: wrong({ 'l.tsv': labels().replaceAll('\t1', '\t0') }),
  labels_too_few_queries: wrong({ 'l.tsv': labels(2) }),
  labels_too_few_queries_overall: wrong({ 'l.tsv': labels(7) }),
  labels_overlap: {
    upload: uploadOf({ 'test.tsv': rest(1) }, { test_label_path: 'test.tsv' }),
    followed: uploadOf({ 'l.tsv': labels(9), 'test.tsv': rest(10) }, { test_label_path: 'test.tsv' }),
  },
  accelerators_over_limit: {
    upload: { ...uploadOf({}, { accelerator_count: 9 }), limits: { maxAccelerators: 8 } },
    followed: { ...uploadOf({}, { accelerator_count: 8 }), limits: { maxAccelerators: 8 } },
  },
  train_steps_below_minimum: {
    upload: uploadOf({}, { train_steps: 10 }),
    followed: uploadOf({}, { train_steps: 30 }),
  },
};
