import { type IssueOf, issueFactory } from './issue.ts';

const PRINT_HEADER = 'print "query-id", "corpus-id", "score"';
/** What awk does with a file whose columns are parted by a pattern, written with tabs. */
const rewritten = (script: string, parted = '\\t') =>
  `awk -F '${parted}' -v OFS='\\t' '${script}' FILE > fixed.tsv`;

/** What stands in the place of the header; the sentence beside it is what is reported. */
const HEADERS = {
  names: {
    found: 'other names',
    remedy: `Write the names exactly: ${rewritten(`NR == 1 {${PRINT_HEADER}; next} {print}`)}. The lines below were checked.`,
  },
  order: {
    found: 'other columns, or the columns in another order',
    remedy: `Put the query id first, the corpus id second, the score third. With the numbers of their columns in place of QUERY, DOCUMENT and SCORE: ${rewritten(`NR == 1 {${PRINT_HEADER}; next} {print $QUERY, $DOCUMENT, $SCORE}`)}. Nothing below was checked.`,
  },
  separator: {
    found: 'columns that no tab parts',
    remedy: `Save the file with tabs between the columns, and without quotes: ${rewritten(`NR == 1 {${PRINT_HEADER}; if (!/[0-9]/) next} {gsub(/"/, ""); $1 = $1; print}`, ' *[,;|] *| +')}. Nothing below was checked.`,
  },
  json: {
    found: 'JSON',
    remedy: `Write the labels with tabs. Where each line has its query, its document and its score in this order: jq -r 'if type == "object" then [.[]] else . end | @tsv' FILE | awk 'BEGIN {print "query-id\\tcorpus-id\\tscore"} {print}' > fixed.tsv. Nothing below was checked.`,
  },
} as const satisfies Record<string, { found: string; remedy: string }>;
export type HeaderProblem = keyof typeof HEADERS;

/** Why an id is not found, where that shows. */
const ID_HINTS = {
  swapped: 'It is an id of the other file: put the query id first and the corpus id second.',
  spaces: 'It is there without the white space around it: remove that.',
  quotes: 'It is there without the quotes around it: write the columns without quotes.',
  case: 'It is there in other capitals: write it as it is there.',
  unicode: 'It is there in another form of Unicode (NFC or NFD): write both files in the same one.',
} as const satisfies Record<string, string>;
export type IdHint = keyof typeof ID_HINTS;

const SCORES = {
  negative: 'a negative number',
  fraction: 'a number with a decimal point',
  text: 'something that is no number',
} as const;
export type ScoreProblem = keyof typeof SCORES;

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const records = (count: number, what: RecordName) => plural(count, what, NAMES_OF_MANY[what]);
const NAMES_OF_MANY = { query: 'queries', document: 'documents' } as const;
type RecordName = keyof typeof NAMES_OF_MANY;

const PAGE = 'Google Cloud, "Tune text embeddings"';

/** An id is told by its line: it can hold anything, a name or a number of a person too. */
interface UnknownId {
  hint?: IdHint | undefined;
  /** Records of the file whose id could not be read. */
  unread: number;
}

const unknownId = (column: string, file: string) => (fields: UnknownId) => ({
  found: `an id that no line of the ${file} has`,
  expected: `an "_id" of the ${file}`,
  remedy: remedyOfUnknownId(fields, { column, file }),
});

function remedyOfUnknownId({ hint, unread }: UnknownId, { column, file }: { column: string; file: string }) {
  if (hint) return ID_HINTS[hint];
  if (unread === 0)
    return `Correct the ${column}, add the record to the ${file}, or remove the labels of it.`;
  return `First correct the ${file}: the id of ${plural(unread, 'line')} there could not be read, and it may be one of those.`;
}

const UNREAD = ' so far; the rest was not read';

/** What can be wrong with the files of embedding tuning, beside what can be wrong with the lines of any data set. */
export const EMBEDDING_ISSUES = {
  record_id_duplicate: {
    severity: 'error',
    title: 'Two records have the same id',
    why: `Labels name a query or a document by its "_id" (${PAGE}), so that each id must stand for one.`,
    text: (fields: { firstLine: number }) => ({
      found: `the id of line ${fields.firstLine} again`,
      expected: 'an id of its own for each record of the file',
      remedy: 'Remove the second record or give it another id.',
    }),
  },
  records_too_few: {
    severity: 'error',
    title: 'The file has too few records',
    why: `There must be at least 9 queries and at least 9 documents (${PAGE}).`,
    text: (fields: { records: number; min: number; what: RecordName }) => ({
      found: records(fields.records, fields.what),
      expected: `at least ${fields.min}`,
      remedy: `Add ${NAMES_OF_MANY[fields.what]}.`,
    }),
  },
  records_too_many: {
    severity: 'error',
    title: 'The file has too many records',
    why: `There may be at most 10,000 queries and 500,000 documents (${PAGE}).`,
    text: (fields: {
      records: number;
      max: number;
      what: RecordName;
      isRestUnread?: boolean | undefined;
    }) => ({
      found: `${records(fields.records, fields.what)}${fields.isRestUnread ? UNREAD : ''}`,
      expected: `at most ${fields.max}`,
      remedy: `Keep ${fields.max} ${NAMES_OF_MANY[fields.what]}, those that the labels name among them.`,
    }),
  },
  labels_empty: {
    severity: 'error',
    title: 'The label file is empty',
    why: `A label file has a header and labels for at least 3 different queries (${PAGE}).`,
    text: (fields: { sizeBytes: number }) => ({
      found: `${fields.sizeBytes} bytes and no label`,
      expected: 'a header and, below it, one label a line',
      remedy: 'Upload the labels again.',
    }),
  },
  labels_header_missing: {
    severity: 'error',
    title: 'The label file has no header',
    why: `The first line names the columns: query-id, corpus-id, score (${PAGE}). Without it the first label would be lost.`,
    text: () => ({
      found: 'a first line that is no header; it was read as a label',
      expected: 'query-id, corpus-id and score, with tabs between them',
      remedy: `Put that line above the labels: ${rewritten(`BEGIN {${PRINT_HEADER}} {print}`)}.`,
    }),
  },
  labels_header_unexpected: {
    severity: 'error',
    title: 'The header of the label file is another one',
    why: `The first line names the columns: query-id, corpus-id, score (${PAGE}).`,
    text: (fields: { problem: HeaderProblem }) => ({
      found: HEADERS[fields.problem].found,
      expected: 'query-id, corpus-id and score, with tabs between them',
      remedy: HEADERS[fields.problem].remedy,
    }),
  },
  labels_header_without_score: {
    severity: 'warning',
    title: 'The label file has no score column',
    why: `A score that is not given counts as 1 (${PAGE}); whether the whole column may be left out is not documented.`,
    text: () => ({
      found: 'a header of query-id and corpus-id alone',
      expected: 'query-id, corpus-id and score',
      remedy: 'Add the column, with 1 for what is relevant.',
    }),
  },
  labels_columns: {
    severity: 'error',
    title: 'The label has another number of columns',
    why: `A label is a query id, a corpus id and a score, with tabs between them (${PAGE}).`,
    text: (fields: { columns: number }) => ({
      found: plural(fields.columns, 'column'),
      expected: 'three, or two where the score is 1',
      remedy: 'Put one tab between the columns and none inside them.',
    }),
  },
  labels_id_empty: {
    severity: 'error',
    title: 'The label lacks an id',
    why: `A label names a query and a document (${PAGE}).`,
    text: (fields: { column: 'query-id' | 'corpus-id' }) => ({
      found: `nothing in the column ${fields.column}`,
      expected: 'an id',
      remedy: 'Fill the column or remove the line.',
    }),
  },
  labels_score_invalid: {
    severity: 'error',
    title: 'The score is no non-negative whole number',
    why: `A score is a non-negative integer: above 0 the document is relevant, more so the higher it is; 0 says that it is not (${PAGE}).`,
    text: (fields: { problem: ScoreProblem }) => ({
      found: SCORES[fields.problem],
      expected: '0, 1, 2 and so on, or nothing, which counts as 1',
      remedy: 'Write the score in digits alone.',
    }),
  },
  labels_query_unknown: {
    severity: 'error',
    title: 'The label names a query that does not exist',
    why: `The query ids of the labels are those of the queries file (${PAGE}). Each unknown id is reported once, where it first stands.`,
    text: unknownId('query id', 'queries'),
  },
  labels_document_unknown: {
    severity: 'error',
    title: 'The label names a document that does not exist',
    why: `The corpus ids of the labels are those of the corpus file (${PAGE}). Each unknown id is reported once, where it first stands.`,
    text: unknownId('corpus id', 'corpus'),
  },
  labels_duplicate: {
    severity: 'warning',
    title: 'The label is there twice',
    why: 'It says nothing new, and may count double; it is often a slip in joining files.',
    text: (fields: { firstLine: number }) => ({
      found: `the label of line ${fields.firstLine} again`,
      expected: 'every pair of query and document once',
      remedy: 'Remove one of the two lines.',
    }),
  },
  labels_conflict: {
    severity: 'error',
    title: 'A query and a document have two scores',
    why: 'Which of them counts is not documented, so the model could learn the wrong one.',
    text: (fields: { firstLine: number }) => ({
      found: `the pair of line ${fields.firstLine} with another score`,
      expected: 'every pair of query and document once',
      remedy: 'Keep the line with the right score.',
    }),
  },
  labels_overlap: {
    severity: 'warning',
    title: 'The label is also in the training labels',
    why: 'What the model has seen in training says nothing of how it does on new data.',
    text: (fields: { trainingLine: number }) => ({
      found: `the query and document of line ${fields.trainingLine} of the training labels`,
      expected: 'labels that training has not seen',
      remedy: 'Remove it from one of the two files.',
    }),
  },
  labels_none_relevant: {
    severity: 'warning',
    title: 'No label says that a document is relevant',
    why: `A score above 0 marks a document as relevant (${PAGE}). With none, there is nothing to be found.`,
    text: (fields: { labels: number }) => ({
      found: `${plural(fields.labels, 'label')}, all with a score of 0`,
      expected: 'labels with a score of 1 or more',
      remedy: 'Give the documents that answer a query a score of 1 or more.',
    }),
  },
  labels_too_few_queries: {
    severity: 'error',
    title: 'The labels of the file are about too few queries',
    why: `Each label file must hold at least 3 different query ids (${PAGE}).`,
    text: (fields: { queries: number; min: number }) => ({
      found: records(fields.queries, 'query'),
      expected: `at least ${fields.min}`,
      remedy: 'Label further queries in this file.',
    }),
  },
  labels_too_few_queries_overall: {
    severity: 'error',
    title: 'All labels together are about too few queries',
    why: `The label files together must hold at least 9 different query ids (${PAGE}).`,
    text: (fields: { queries: number; min: number }) => ({
      found: `${records(fields.queries, 'query')} in all label files`,
      expected: `at least ${fields.min}`,
      remedy: 'Label further queries.',
    }),
  },
  labels_too_many: {
    severity: 'error',
    title: 'There are too many labels',
    why: `All label files together must hold fewer than 500,000 labels (${PAGE}).`,
    text: (fields: { labels: number; below: number; isRestUnread?: boolean | undefined }) => ({
      found: `${fields.labels} labels in all label files${fields.isRestUnread ? UNREAD : ''}`,
      expected: `fewer than ${fields.below}`,
      remedy: 'Keep the most telling labels.',
    }),
  },
} as const;

export type EmbeddingIssue = IssueOf<typeof EMBEDDING_ISSUES>;
export const embeddingIssue = issueFactory(EMBEDDING_ISSUES);
