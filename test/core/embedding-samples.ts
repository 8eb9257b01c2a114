import {
  createEmbeddingCheck,
  EMBEDDING_FILES,
  type EmbeddingKey,
} from '../../shared/core/dataset/embedding/check.ts';
import type { RecordStatistics, RelevanceStatistics } from '../../shared/core/dataset/statistics.ts';
import type { Issue } from '../../shared/core/issues/catalog.ts';

export type Content = string | Uint8Array;
export type Files = Partial<Record<EmbeddingKey, Content>>;

export const HEADER = 'query-id\tcorpus-id\tscore';

/** The line of a sound record, `q1` or `d1`. */
export const record = (id: string, more: object = {}) =>
  JSON.stringify({ _id: id, text: `What the record ${id} says.`, ...more });

/** `count` sound records, with `replaced[line]` in the place of the 1-based line. */
export const records = (prefix: 'q' | 'd', count = 12, replaced: Record<number, string> = {}) =>
  Array.from({ length: count }, (_, index) => replaced[index + 1] ?? record(`${prefix}${index + 1}`)).join(
    '\n',
  );

/** A header and labels of q1 with d1 and so on, with `replaced[line]` in the place of the 1-based line. */
export const labels = (count = 10, replaced: Record<number, string> = {}) =>
  [HEADER, ...Array.from({ length: count }, (_, index) => `q${index + 1}\td${index + 1}\t1`)]
    .map((line, index) => replaced[index + 1] ?? line)
    .join('\n');

/** Sound files, but for those that are given; undefined leaves one out. */
export const files = (over: { [Key in EmbeddingKey]?: Content | undefined } = {}): Files => {
  const all = {
    queries_path: records('q'),
    corpus_path: records('d'),
    train_label_path: labels(),
    ...over,
  };
  return Object.fromEntries(Object.entries(all).filter(([, content]) => content !== undefined));
};

export interface Checked {
  issues: Issue[];
  statistics: Partial<Record<EmbeddingKey, RecordStatistics | RelevanceStatistics>>;
}

/** Checks the files; `cut` parts the bytes of each into the chunks that are pushed. */
export function checkFiles(content: Files, cut: (bytes: Buffer) => Buffer[] = (bytes) => [bytes]): Checked {
  const issues: Issue[] = [];
  const statistics: Checked['statistics'] = {};
  const check = createEmbeddingCheck((issue) => issues.push(issue));
  for (const key of EMBEDDING_FILES) {
    const bytes = content[key];
    if (bytes === undefined) continue;
    const file = check.open(key, key);
    for (const chunk of cut(Buffer.from(bytes))) {
      const lent = Buffer.from(chunk);
      file.push(lent);
      lent.fill(0x21);
    }
    statistics[key] = file.finish();
  }
  check.finish();
  return { issues, statistics };
}

/** Every issue as `severity code file line path`. */
export const issueLines = ({ issues }: Pick<Checked, 'issues'>) =>
  issues.map(({ severity, code, at }) =>
    [severity, code, at.uri, at.line, at.path].filter((part) => part !== undefined).join(' '),
  );
