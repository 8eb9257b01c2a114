import type { DataKey } from '../models/data-keys.ts';
import { parseGsUri } from '../objects/gs-uri.ts';
import type { Run, RunSpec } from './run.ts';

/** Names of what a run leaves in the results bucket. */

/**
 * The folder of a run: `runs/{folder of the manifest}/{generation}/`, so that who uploaded the manifest finds it by hand.
 * A manifest at the top of the bucket, or in a folder too long or too odd to repeat, is found by run id.
 */
export function runFolder(
  runId: string,
  { name, generation }: Pick<RunSpec['source'], 'name' | 'generation'>,
): string {
  const folder = name.slice(0, -'/tune.json'.length);
  const readable =
    name.includes('/') && Buffer.byteLength(folder) <= 900 && parseGsUri(`gs://results/${folder}/`).ok;
  return readable ? `runs/${folder}/${generation}/` : folderById(runId);
}

/**
 * The folder of a run that there is. The one of a run that goes on from a refused one, or belongs to a sweep, is found by id: the other is
 * its predecessor's, or that of the manifest's own run.
 */
export function folderOfRun({ runId, spec, status }: Run): string {
  const isFirst = status.continues === undefined && spec.sweepOf === undefined;
  return isFirst ? runFolder(runId, spec.source) : folderById(runId);
}

const folderById = (runId: string) => `runs/${runId}/`;

/** What the run's document says, for those who see only files. */
export const statusFileName = 'status.json';

/** The report in the run's folder, written when the run ends. */
export const reportFile = 'report.html';

/** The complete list of what is wrong with an upload, in the run's folder. */
export const issuesFile = 'issues.jsonl';

/** All answers of the evaluation, in the run's folder. */
export const answersFile = 'evaluation/answers.jsonl';

/** A piece of them, by how many were answered before it: written once, so that nothing in it is asked again. */
export const answersPiece = (before: number) => `evaluation/answers-from-${numberAfter(before)}.jsonl`;

/** A piece of the verdicts of a judge, by how many examples were judged before it. */
export const verdictsPiece = (before: number) => `evaluation/verdicts-from-${numberAfter(before)}.jsonl`;

const numberAfter = (before: number) => String(before + 1).padStart(4, '0');

/** Names of the copies that are checked and trained on. */
const STAGED_NAMES: Record<DataKey, string> = {
  dataset_uri: 'train.jsonl',
  evaluation_data_uri: 'evaluation.jsonl',
  queries_path: 'queries.jsonl',
  corpus_path: 'corpus.jsonl',
  train_label_path: 'train.tsv',
  test_label_path: 'test.tsv',
  validation_label_path: 'validation.tsv',
};

/**
 * Where the copy of a data set lies; no uploader can write there. With a generation: the place for a file that was
 * replaced while the run waited for another, when the usual place holds its predecessor.
 */
export function stagedName(runId: string, key: DataKey, generation?: string): string {
  const folder = generation === undefined ? runId : `${runId}/${generation}`;
  return `staging/${folder}/${STAGED_NAMES[key]}`;
}

/** Where the copy of a staged file lies that one run of a sweep reads; undefined where it is not of that run. */
export function sweptName(staged: string, { from, to }: { from: string; to: string }): string | undefined {
  const folder = `staging/${from}/`;
  return staged.startsWith(folder) ? `staging/${to}/${staged.slice(folder.length)}` : undefined;
}

/** Where a data set lies in the form of the model, beside its copy as it was uploaded. */
export function convertedName(staged: string, form: string): string {
  return staged.replace(/\.(jsonl|tsv)$/, `.${form}.$1`);
}

/** Where a part of a training file lies, beside the copy that it is a part of. */
export function partName(copy: string, part: 'training' | 'evaluation'): string {
  return copy.replace(/\.jsonl$/, `.${part}.jsonl`);
}

/** The lines that are kept for the evaluation, one number a line, in the run's folder. */
export const evaluationLinesFile = 'evaluation-lines.txt';

/** What status.json says: the run document without the functions' own bookkeeping. */
export function statusFile(run: Run): string {
  const { schemaVersion, runId, status, spec } = run;
  return `${JSON.stringify({ schemaVersion, runId, status, spec }, null, 2)}\n`;
}
