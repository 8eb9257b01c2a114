import type { DataStats } from './job.ts';

/** What Vertex AI says of the data that it read, for the document. */
export interface DataRead {
  examples?: number | undefined;
  billableTokens?: number | undefined;
  truncatedExamples?: number | undefined;
  dropped?: string[] | undefined;
  sampleLines?: number[] | undefined;
}

/** More lines than these are in nobody's interest; Vertex AI names a sample anyway. */
const MAX_LINES = 50;

/**
 * What Vertex AI says of its data, in lines of the uploaded file. Examples are counted from 1 without blank lines, so that a number
 * is a line where the file has none; where it has some, no lines are named.
 */
export function dataReadOf(
  stats: DataStats | undefined,
  blankLines: number | undefined,
): DataRead | undefined {
  if (stats === undefined) return undefined;
  const { examples, billableTokens, truncatedExamples, droppedReasons } = stats;
  const named = [...new Set([...stats.truncatedSample, ...stats.droppedSample])].sort((a, b) => a - b);
  const lines = blankLines === 0 ? named.slice(0, MAX_LINES) : [];
  return {
    ...{ examples, billableTokens, truncatedExamples },
    dropped: droppedReasons.length > 0 ? droppedReasons : undefined,
    sampleLines: lines.length > 0 ? lines : undefined,
  };
}
