import {
  type ComparedRuns,
  compareWithRows,
  type RunPair,
} from '../../shared/core/comparison/compared-runs.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { shortId } from '../command-line/text.ts';
import type { Objects } from '../deployment/objects.ts';
import type { OpenDeployment } from '../deployment/open.ts';

/** The two runs that are meant; one alone stands beside the one before it. Throws where there is none. */
export async function pairOf(
  { runs }: Pick<OpenDeployment, 'runs'>,
  { operand, secondOperand }: { operand: string; secondOperand: string },
): Promise<RunPair> {
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

/** Two runs of a deployment, and the copies of their data that it keeps. */
export function compareInDeployment(
  { objects }: Pick<OpenDeployment, 'objects'>,
  pair: RunPair,
): Promise<ComparedRuns> {
  return compareWithRows(pair, (uri) => linesOf(uri, objects()));
}

/** Larger files are not read into memory. */
const MOST_BYTES = 200_000_000;

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
