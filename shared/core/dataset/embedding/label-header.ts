/** What the first line of a label file says its columns are. */
import type { HeaderProblem } from '../../issues/embedding.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';

export type LabelHeader =
  | { kind: 'sound' | 'without_score' | 'missing' }
  /** `isReadable`: the lines below have the columns in their order all the same. */
  | { kind: 'unexpected'; problem: HeaderProblem; isReadable: boolean };

type Column = 'query' | 'document' | 'score';

const HEADER = EMBEDDING_DATASET.labelHeader.join('\t');
const HEADER_WITHOUT_SCORE = EMBEDDING_DATASET.labelHeader.slice(0, 2).join('\t');

/** What people call the columns, without case and punctuation. */
const NAMES: ReadonlyMap<string, Column> = new Map([
  ['queryid', 'query'],
  ['queriesid', 'query'],
  ['query', 'query'],
  ['qid', 'query'],
  ['corpusid', 'document'],
  ['corpus', 'document'],
  ['documentid', 'document'],
  ['docid', 'document'],
  ['passageid', 'document'],
  ['pid', 'document'],
  ['score', 'score'],
  ['label', 'score'],
  ['relevance', 'score'],
]);

const columnOf = (cell: string) => NAMES.get(cell.toLowerCase().replaceAll(/[^a-z]/g, ''));

/** Recognises the header, also one that is wrong; `line` has no line end. */
export function recogniseHeader(line: string): LabelHeader {
  if (line === HEADER) return { kind: 'sound' };
  if (line === HEADER_WITHOUT_SCORE) return { kind: 'without_score' };
  if (/^\s*[{[]/.test(line)) return unexpected('json');
  if (!line.includes('\t')) {
    const columns = line.split(/[,;|]|\s+/).length;
    return columns === 2 || columns === 3 ? unexpected('separator') : { kind: 'missing' };
  }
  const columns = line.split('\t').map(columnOf);
  if (columns.every((column) => column === undefined)) return { kind: 'missing' };
  const isInOrder = columns[0] === 'query' && columns[1] === 'document' && columns.length <= 3;
  return isInOrder && (columns[2] ?? 'score') === 'score' ? unexpected('names') : unexpected('order');
}

function unexpected(problem: HeaderProblem): LabelHeader {
  return { kind: 'unexpected', problem, isReadable: problem === 'names' };
}
