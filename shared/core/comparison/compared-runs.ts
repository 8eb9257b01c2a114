/** Two runs side by side, their documents and the lines of their data. */
import type { Run } from '../run/run.ts';
import { compareRuns, type FileComparison, type RunComparison } from './compare-runs.ts';
import { compareRows, type RowDifferences } from './rows.ts';

export interface RunPair {
  before: Run;
  after: Run;
}

/** A file of both runs, and how its lines differ. */
export interface ComparedFile extends FileComparison {
  rows?: RowDifferences | undefined;
  /** Why its lines were not compared. */
  notCompared?: string | undefined;
}

export interface ComparedRuns extends Omit<RunComparison, 'files'>, RunPair {
  files: ComparedFile[];
}

/** The lines of a copy by its `gs://` URI, or why they cannot be had. */
export type LinesOf = (stagedUri: string) => Promise<string[] | string>;

/** Their documents, and of the files that both have and that differ the lines. */
export async function compareWithRows(pair: RunPair, linesOf: LinesOf): Promise<ComparedRuns> {
  const { files, ...compared } = compareRuns(pair.before, pair.after);
  const withRows: ComparedFile[] = [];
  for (const file of files) withRows.push({ ...file, ...(await rowsOf(file, linesOf)) });
  return { ...pair, ...compared, files: withRows };
}

async function rowsOf(
  { before, after, isSame }: FileComparison,
  linesOf: LinesOf,
): Promise<Pick<ComparedFile, 'rows' | 'notCompared'>> {
  if (!before || !after || isSame) return {};
  const texts: string[][] = [];
  for (const { stagedUri } of [before, after]) {
    const lines = await linesOf(stagedUri);
    if (typeof lines === 'string') return { notCompared: lines };
    texts.push(lines);
  }
  const [earlier = [], later = []] = texts;
  return { rows: await compareRows(earlier, later) };
}

/** Lines as `3`, `7-9`. */
export function spansOf(lines: readonly number[]): string[] {
  const spans: [first: number, last: number][] = [];
  for (const line of lines) {
    const span = spans.at(-1);
    if (span && span[1] === line - 1) span[1] = line;
    else spans.push([line, line]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}
