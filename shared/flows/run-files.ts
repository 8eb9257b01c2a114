import { readAnswerLines, type Scored, ScoredSchema } from '../core/evaluation/answers.ts';
import {
  answersFile,
  folderOfRun,
  issuesFile,
  reportFile,
  statusFile,
  statusFileName,
} from '../core/run/files.ts';
import type { Run } from '../core/run/run.ts';
import { isTerminal } from '../core/run/states.ts';
import type { Logger, ObjectContent, ObjectInfo, ObjectStore, ReadableVersion, RunStore } from '../ports.ts';

const TRIES = 5;

/** Where files of runs are written, and the documents that they tell of. */
export interface RunFilesDeps {
  objects: ObjectStore;
  runs: Pick<RunStore, 'get'>;
  resultsBucket: string;
}

/** A file of a run, ready to be written. */
interface RunFile {
  name: string;
  body: ObjectContent['body'];
  contentType: string;
  /** Nobody is expected to have written it: it is written before anybody looks whether it is there. */
  isExpectedNew?: true;
}

/** Whether the document says already what the file says. The files of an end are written ahead of it, and it may never come. */
type Standing = 'ahead' | 'recorded';

/** Writes `status.json` into the run's folder. False where one of a later revision stays, or one of a document that was made anew. */
export function writeStatusFile(
  deps: RunFilesDeps,
  { run, standing }: { run: Run; standing: Standing },
): Promise<boolean> {
  const file = { name: statusFileName, body: statusFile(run), contentType: 'application/json' };
  return writeFile(deps, { run, file, standing });
}

/** Writes the `status.json` of what the document says. One that cannot be written keeps nobody from going on: the log has it. */
export async function writeRecordedFile(deps: RunFilesDeps & { logger: Logger }, run: Run): Promise<void> {
  await writeStatusFile(deps, { run, standing: 'recorded' }).catch((thrown) =>
    deps.logger.thrown('a file of the run was not written', thrown, { runId: run.runId }),
  );
}

/** A document has at most 1 MiB, and its file is indented. */
const MAX_STATUS_BYTES = 4 * 1024 * 1024;

/** The content of one version of a `status.json`: undefined where that is gone, null where it is no JSON. */
export async function readStatusContent(objects: ObjectStore, file: ReadableVersion): Promise<unknown> {
  const bytes = await objects.read(file, MAX_STATUS_BYTES);
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** The `status.json` of a run that says what its document said, and the revision that the document had then. */
export async function statRecordedFile(
  objects: ObjectStore,
  bucket: string,
  run: Run,
): Promise<{ file: ObjectInfo; revision: number } | undefined> {
  const file = await objects.stat({ bucket, name: `${folderOfRun(run)}${statusFileName}` });
  if (file?.metadata.standing !== 'recorded') return undefined;
  return { file, revision: Number(file.metadata.revision) };
}

/** Writes the report of a run that has ended, to be looked at in a browser. */
export function writeReport(deps: RunFilesDeps, { run, html }: { run: Run; html: string }): Promise<boolean> {
  const contentType = 'text/html; charset=utf-8';
  const file: RunFile = { name: reportFile, body: html, contentType, isExpectedNew: true };
  return writeFile(deps, { run, file, standing: 'ahead' });
}

/** An answer has some thousand tokens at most, and a run a thousand of them. */
const MAX_ANSWERS_BYTES = 64 * 1024 * 1024;

/** What the model of a run answered to its evaluation data; nothing before all is answered. */
export async function readAnswers(objects: ObjectStore, bucket: string, run: Run): Promise<Scored[]> {
  if (run.status.evaluation?.state !== 'DONE') return [];
  const info = await objects.stat({ bucket, name: `${folderOfRun(run)}${answersFile}` });
  const bytes = info && (await objects.read(info, MAX_ANSWERS_BYTES));
  return bytes ? readAnswerLines(ScoredSchema, new TextDecoder().decode(bytes)) : [];
}

/** Writes every issue of a verdict, as the run was claimed for it: the document that names the file comes after. */
export function writeIssuesFile(
  deps: RunFilesDeps,
  { run, body }: { run: Run; body: ObjectContent['body'] },
): Promise<boolean> {
  const contentType = 'application/jsonl';
  const file: RunFile = { name: issuesFile, body, contentType, isExpectedNew: true };
  return writeFile(deps, { run, file, standing: 'ahead' });
}

/**
 * A file of a later revision is never overwritten, so a slow function that wakes up late cannot turn SUCCEEDED back into
 * RUNNING, nor put its issues in the place of those that a later claim found: every claim raises the revision. Of one revision
 * what the document says stands over what was written ahead of it, which may be the end of somebody whose turn did not come. Two who were
 * ahead are told apart by the document: once it has ended, the file of its end stays.
 * A document that was deleted and made anew begins its revisions anew, so whoever holds the one before writes nothing over its files. What
 * that one said stays where it is later: the new one is brought forward to it.
 */
async function writeFile(
  { objects, runs, resultsBucket: bucket }: RunFilesDeps,
  { run, file, standing }: { run: Run; file: RunFile; standing: Standing },
): Promise<boolean> {
  const object = { bucket, name: `${folderOfRun(run)}${file.name}` };
  const { state, createTime } = run.status;
  const mark = { revision: String(run.work.revision), state, standing, createTime };
  for (let tries = 0; tries < TRIES; tries++) {
    const isLookedFor = tries > 0 || !file.isExpectedNew;
    const there = isLookedFor ? await objects.stat(object) : undefined;
    const isOther = there !== undefined && isOfOther(mark, there.metadata);
    const isRival = there !== undefined && !isOther && isAheadToo(mark, there.metadata);
    const now = isOther || isRival ? await runs.get(run.runId) : undefined;
    if (isOther && now?.status.createTime !== createTime) return false;
    if (isRival && now && isTerminal(now.status.state) && now.work.revision >= run.work.revision) return true;
    const isInVain = isOther && there.metadata.standing === 'ahead';
    if (there && !isInVain && !isNewer(mark, there.metadata)) {
      return Number(there.metadata.revision) <= run.work.revision;
    }
    const written = await objects.write(object, {
      body: file.body,
      contentType: file.contentType,
      metadata: mark,
      ifGenerationMatch: there?.generation ?? '0',
    });
    if (written) return true;
  }
  return true;
}

/** Whether a file tells of a document that somebody deleted, or that came in the place of ours. Earlier versions did not say of which. */
function isOfOther(mark: { createTime: string }, there: Record<string, string>): boolean {
  return there.createTime !== undefined && there.createTime !== mark.createTime;
}

/** Whether somebody wrote an end of the same revision ahead of the document: it may be said there by now, though its file does not say so. */
function isAheadToo(mark: { revision: string; standing: Standing }, there: Record<string, string>): boolean {
  return mark.standing === 'ahead' && there.standing === 'ahead' && mark.revision === there.revision;
}

function isNewer(mark: { revision: string; standing: Standing }, there: Record<string, string>): boolean {
  const theirs = Number(there.revision ?? -1);
  const ours = Number(mark.revision);
  return ours > theirs || (ours === theirs && (mark.standing === 'recorded' || there.standing === 'ahead'));
}
