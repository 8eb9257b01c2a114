import {
  compareRuns,
  type FileComparison,
  type RunComparison,
} from '../../shared/core/comparison/compare-runs.ts';
import { compareRows, type RowDifferences } from '../../shared/core/comparison/rows.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { shortId } from '../command-line/text.ts';
import type { Objects } from '../deployment/objects.ts';
import type { OpenDeployment } from '../deployment/open.ts';

export interface Pair {
  before: Run;
  after: Run;
}

/** A file of both runs, and how its lines differ. */
export interface ComparedFile extends FileComparison {
  rows?: RowDifferences | undefined;
  /** Why its lines were not compared. */
  notCompared?: string | undefined;
}

export interface ComparedRuns extends Omit<RunComparison, 'files'>, Pair {
  files: ComparedFile[];
}

/** The two runs that are meant; one alone stands beside the one before it. Throws where there is none. */
export async function pairOf(
  { runs }: Pick<OpenDeployment, 'runs'>,
  { operand, secondOperand }: { operand: string; secondOperand: string },
): Promise<Pair> {
  const run = await runs.find(operand);
  if (secondOperand !== '') return { before: run, after: await runs.find(secondOperand) };
  const earlier = (await runs.ofManifest(run.spec.source.uri))
    .filter(({ status }) => status.createTime < run.status.createTime && status.state !== 'SKIPPED')
    // The run of a sweep's manifest has no settings of its own: its runs have.
    .filter(({ status }) => status.sweep === undefined)
    .sort((one, other) => other.status.createTime.localeCompare(one.status.createTime));
  const [before] = earlier;
  if (before) return { before, after: run };
  throw new Error(
    `${run.spec.source.name} has no run before ${shortId(run.runId)}: name the other one too, as npx tunedrop list shows it.`,
  );
}

/** Their documents, and of the files that both have and that differ the lines. */
export async function compareInDeployment(
  { objects }: Pick<OpenDeployment, 'objects'>,
  pair: Pair,
): Promise<ComparedRuns> {
  const { files, ...compared } = compareRuns(pair.before, pair.after);
  const withRows: ComparedFile[] = [];
  for (const file of files) withRows.push({ ...file, ...(await rowsOf(file, objects())) });
  return { ...pair, ...compared, files: withRows };
}

/** Larger files are not read into memory. */
const MOST_BYTES = 200_000_000;

async function rowsOf(
  { before, after, isSame }: FileComparison,
  objects: Objects,
): Promise<Pick<ComparedFile, 'rows' | 'notCompared'>> {
  if (!before || !after || isSame) return {};
  const texts: string[][] = [];
  for (const { stagedUri } of [before, after]) {
    const lines = await linesOf(stagedUri, objects);
    if (typeof lines === 'string') return { notCompared: lines };
    texts.push(lines);
  }
  const [earlier = [], later = []] = texts;
  return { rows: await compareRows(earlier, later) };
}

async function linesOf(uri: string, objects: Objects): Promise<string[] | string> {
  const parsed = parseGsUri(uri);
  if (!parsed.ok) return 'no copy of it was kept';
  const facts = await objects.stat(parsed);
  if (facts === undefined)
    return `its copy ${uri} is gone: copies are kept for as long as the deployment says`;
  if (facts.sizeBytes > MOST_BYTES) return `${uri} has more than 200 MB`;
  const read = await objects.read(parsed);
  return read ? new TextDecoder().decode(read.bytes).split('\n') : `its copy ${uri} is gone`;
}
