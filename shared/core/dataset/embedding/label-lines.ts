/** Reads a label file line by line: strict UTF-8, the header, then `query-id`, `corpus-id` and `score`, parted by tabs. */
import type { ScoreProblem } from '../../issues/embedding.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import type { LineConsumer } from '../lines/text-file.ts';
import { recogniseHeader } from './label-header.ts';
import { cellsOfQrels } from './qrels.ts';
import type { EmbeddingTools } from './tools.ts';

/** One sound line. */
export interface RelevanceLabel {
  query: string;
  document: string;
  /** Undefined when the score was wrong. */
  score: number | undefined;
  /** Whether the score is the one that counts where none is given. */
  isDefaultScore: boolean;
}

export interface LabelLinesOptions extends Pick<EmbeddingTools, 'report' | 'progress'> {
  onLabel: (label: RelevanceLabel) => void;
  /** Whether the lines are judgements of TREC, which have no header. */
  areQrels: boolean;
}

const DEFAULT_SCORE = 1;

/** Makes the reader of one label file; `progress.examples` counts labels, not the header. */
export function createLabelLines({ report, progress, onLabel, areQrels }: LabelLinesOptions): LineConsumer {
  let isFirst = !areQrels;

  /** Whether the line is a header, sound or not. */
  function readHeader(line: string): boolean {
    const header = recogniseHeader(line);
    if (header.kind === 'missing') {
      report('labels_header_missing', {});
      return false;
    }
    if (header.kind === 'without_score') report('labels_header_without_score', {});
    if (header.kind === 'unexpected') {
      report('labels_header_unexpected', { problem: header.problem });
      progress.isStopped = !header.isReadable;
    }
    return true;
  }

  function readLabel(line: string): void {
    const cells = areQrels ? cellsOfQrels(line) : line.split('\t');
    const [query = '', document = '', score = ''] = cells;
    if (cells.length < 2 || cells.length > 3) {
      report('labels_columns', { columns: cells.length });
      return;
    }
    const problem = scoreProblem(score);
    if (query === '') report('labels_id_empty', { column: 'query-id' }, { path: 'query-id' });
    if (document === '') report('labels_id_empty', { column: 'corpus-id' }, { path: 'corpus-id' });
    if (problem) report('labels_score_invalid', { problem }, { path: 'score' });
    if (query === '' || document === '') return;
    const isDefaultScore = score === '';
    const given = isDefaultScore ? DEFAULT_SCORE : Number(score);
    onLabel({ query, document, score: problem ? undefined : given, isDefaultScore });
  }

  /** A carriage return inside of the first line ends every line of the file. */
  function reportLoneCr(column: number): void {
    report('line_lone_cr', { column });
    progress.isStopped = isFirst;
  }

  return {
    readLine(text, invalidByte) {
      const line = text.endsWith('\r') ? text.slice(0, -1) : text;
      const loneCr = line.indexOf('\r');
      const isSound = invalidByte === 0 && loneCr === -1;
      const isHeader = isFirst && isSound && readHeader(line);
      if (!isHeader) progress.examples += 1;
      if (invalidByte > 0) report('line_not_utf8', { byteColumn: invalidByte });
      else if (loneCr !== -1) reportLoneCr(loneCr + 1);
      else if (!isHeader) readLabel(line);
      isFirst = false;
      if (!isHeader && progress.lastErrorLine === progress.line) progress.unusable += 1;
    },
    readLongLine(bytes) {
      isFirst = false;
      report('dataset_line_too_long', { bytes, maxBytes: MAX_LINE_BYTES });
    },
  };
}

function scoreProblem(score: string): ScoreProblem | undefined {
  if (score === '' || /^\d+$/.test(score)) return undefined;
  if (/^-\d+(?:\.\d+)?$/.test(score)) return 'negative';
  return /^[-+]?\d*\.\d+$/.test(score) ? 'fraction' : 'text';
}
