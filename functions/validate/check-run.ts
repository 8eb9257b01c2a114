import { mostFileBytes } from '../../shared/core/dataset/limits.ts';
import { later, nextTryAt } from '../../shared/core/errors/backoff.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import type { Issue } from '../../shared/core/issues/catalog.ts';
import { datasetIssue } from '../../shared/core/issues/dataset.ts';
import type { IssueLog } from '../../shared/core/issues/issue-log.ts';
import { distinctIssues, manifestIssue } from '../../shared/core/issues/manifest.ts';
import { forDataCheck } from '../../shared/core/manifest/data-check.ts';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import { type ParsedManifest, packedManifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { draftsOf } from '../../shared/core/manifest/sweep.ts';
import { MANIFEST_FILE } from '../../shared/core/models/limits.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { packedAs } from '../../shared/core/objects/content-encoding.ts';
import { digest } from '../../shared/core/objects/digest.ts';
import type { ClaimResult } from '../../shared/core/run/claim.ts';
import {
  cancelledBeforeJob,
  checkDeferred,
  checkFailed,
  datasetMissing,
  rejected,
  sameBytes,
  superseded,
} from '../../shared/core/run/events.ts';
import { jobKindOf } from '../../shared/core/run/job-kinds.ts';
import { waitEndsAt } from '../../shared/core/run/queue-events.ts';
import type { Run, RunSpec } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import type { PlannedManifest } from '../../shared/core/tuning/plan-manifest.ts';
import { type CheckedData, checkData } from '../../shared/flows/check-data.ts';
import { expectedDurationOf } from '../../shared/flows/expected-duration.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/ports.ts';
import { cancelRuns } from './cancel-runs.ts';
import { continueRejected } from './continue-run.ts';
import { convertFiles } from './convert.ts';
import type { ValidateDeps } from './deps.ts';
import { createFindings, publishFindings } from './findings.ts';
import { noteNamedData } from './named-data.ts';
import { planOfUpload } from './plan-upload.ts';
import { splitTrainingFile } from './split.ts';
import { mayReadIn, type NamedFile, namedFiles, type StagedFile, type Staging, stageFiles } from './stage.ts';
import { beginSwept, sweepOf } from './sweep.ts';
import { type ReadManifest, readWithTunedModel } from './tuned-model.ts';
import { evaluationOf, verdictOf } from './verdict.ts';

/** How often a missing data set is looked for: often at first, every few minutes later. */
const FIRST_LOOK_MS = 15_000;
const LAST_LOOK_MS = 300_000;

/**
 * Checks the upload that a run stands for and records the verdict, or why there is none yet. The run is ours. One whose document is of a
 * backup has its verdict. `live` is the manifest, for whoever has just looked.
 */
export async function checkRun(
  deps: ValidateDeps,
  { run: claimed, before }: Pick<ClaimResult, 'run' | 'before'>,
  live?: ObjectInfo,
): Promise<void> {
  const [run, caughtUp, manifest] = await Promise.all([
    deps.outbox.publish(claimed),
    deps.catchUp(claimed, before).catch(asTuneError),
    readLive(deps, claimed, live).catch(asTuneError),
  ]);
  try {
    if (caughtUp instanceof TuneError) throw caughtUp;
    if (!caughtUp.isCurrent) return;
    if (manifest instanceof TuneError) throw manifest;
    await judge(deps, run, manifest);
  } catch (thrown) {
    const error = asTuneError(thrown);
    if (error.retry === 'slowly') await deps.postpone(run, error, { epoch: run.work.epoch });
    else await recordClaimed(deps, run, afterFailure(deps, run, error));
  }
}

/** The run waits in its document, where people see why and until when, and ends with the server's words. */
function afterFailure({ clock, config }: ValidateDeps, run: Run, error: TuneError): RunEvent {
  const now = clock.now().toISOString();
  const { attempts, waitingSince } = run.work;
  const { retryScale: scale, maximumWaitMs } = config;
  const endsAt = waitEndsAt(run, { maximumWaitMs });
  const at = nextTryAt(error.kind, { attempts, since: waitingSince ?? now, now, scale, endsAt });
  return at ? checkDeferred(error, at) : checkFailed(error);
}

interface LiveManifest {
  /** What is live under the manifest's name. */
  live: ObjectInfo | undefined;
  /** The manifest's bytes, where it is that; nothing of what is packed. */
  bytes: Uint8Array | undefined;
  /** As what it is packed. */
  encoding: string | undefined;
}

/** `looked`: the manifest as it was found when its event came. */
async function readLive(
  { objects }: ValidateDeps,
  { spec: { source } }: Run,
  looked: ObjectInfo | undefined,
): Promise<LiveManifest> {
  const live = looked ?? (await objects.stat(source));
  const encoding = packedAs(live?.contentEncoding);
  const bytes =
    live?.generation === source.generation ? await readUnpacked(objects, live, encoding) : undefined;
  const now = bytes || !looked ? live : await objects.stat(source);
  return { live: now, bytes, encoding };
}

/** Of a manifest that is too long only enough to see that it is. */
async function readUnpacked(
  objects: ObjectStore,
  live: ObjectInfo,
  encoding: string | undefined,
): Promise<Uint8Array | undefined> {
  return encoding === undefined ? objects.read(live, MANIFEST_FILE.maxBytes + 1) : new Uint8Array();
}

/** From the manifest to the plan. */
async function judge(deps: ValidateDeps, run: Run, manifest: LiveManifest): Promise<void> {
  const { live, bytes, encoding } = manifest;
  const { uri } = run.spec.source;
  if (!bytes) return recordClaimed(deps, run, await afterReplaced(deps, live, uri));

  const parsed = encoding === undefined ? parseManifest(bytes, { uri }) : packedManifest(uri, encoding);
  if (parsed.isCancel) return cancelRuns(deps, run, parsed);
  const read = await readWithTunedModel(deps, bytes, { uri, parsed });
  await checkUpload(deps, { run, bytes, ...read });
}

/** A manifest that asks to cancel ends the run as what it asks for, whether its own event or the run is looked at first. */
async function afterReplaced(
  { objects, clock }: ValidateDeps,
  live: ObjectInfo | undefined,
  uri: string,
): Promise<RunEvent> {
  const isPlain = live && packedAs(live.contentEncoding) === undefined;
  const bytes = isPlain ? await objects.read(live, MANIFEST_FILE.maxBytes + 1) : undefined;
  if (!live || !bytes || !parseManifest(bytes, { uri }).isCancel) return superseded(live?.generation);
  const asked = { time: clock.now().toISOString(), by: live.generation };
  return cancelledBeforeJob({ verifyAt: null, asked });
}

interface Upload extends ReadManifest {
  run: Run;
  bytes: Uint8Array;
}

async function checkUpload(deps: ValidateDeps, upload: Upload): Promise<void> {
  const { run, parsed, preTunedModel } = upload;
  const today = deps.clock.now().toISOString().slice(0, 10);
  const findings = createFindings();
  const { limits } = deps.config;
  const deployment = draftsOf(parsed).flatMap((draft) =>
    checkDeployment(draft, limits, { locate: parsed.locate, today, preTunedModel }),
  );
  for (const issue of [...parsed.issues, ...distinctIssues(deployment)]) findings.add(issue);

  const files = namedFiles(parsed.draft, deps.config.limits, run.spec.source.uri);
  const model = findModel(parsed.draft.base_model ?? '');
  const staging = await stageFiles(deps, run.runId, files, (key) => mostFileBytes(model, key));
  const { staged, missing, packed, tooLarge } = staging;
  await noteNamedData(deps, run, staged);
  for (const { uri, encoding } of packed) {
    findings.add(datasetIssue('dataset_content_encoding', { uri }, { encoding }));
  }
  for (const { source, most } of tooLarge) {
    const fields = { bytes: source.sizeBytes, most };
    findings.add(datasetIssue('dataset_file_too_large', { uri: source.uri }, fields));
  }
  if (missing.length > 0 && !findings.hasErrors) {
    const wait = waitFor(deps, upload, missing);
    if (wait) return startWaiting(deps, run, { wait, missing });
  }
  for (const { key, uri } of missing) findings.add(notFound(parsed, key, uri));

  const checked = await checkData(
    forDataCheck(parsed.draft),
    staged.map(({ file }) => file),
    {
      ...{
        onIssue: findings.add,
        mayRead: mayReadIn(deps.config.limits, run.spec.source.uri),
        stat: deps.objects.stat,
      },
      isConversionForbidden: deps.config.limits.isConversionForbidden,
      areTextsHidden: deps.config.limits.areTextsHidden,
      counter: deps.tokenCounter,
    },
  );
  const trained = findings.hasErrors
    ? staged
    : await convertFiles(deps, parsed.draft, { staged, checked, findings });
  const read = findings.hasErrors
    ? trained
    : await splitTrainingFile(deps, run, {
        draft: forDataCheck(parsed.draft),
        staged: trained,
        checked,
        findings,
      });
  const planned = planOfUpload(deps, upload, { staged: read, checked, findings });
  const spec = specOf(
    upload,
    { uploaded: staged, read, tooLarge },
    planned?.sweep ? undefined : planned?.plan,
  );
  await giveVerdict(deps, upload, { findings, planned, spec, checked, files });
}

/** What was uploaded between our look and our note would be waited for in vain until the next look. */
async function startWaiting(
  deps: ValidateDeps,
  run: Run,
  { wait, missing }: { wait: RunEvent; missing: NamedFile[] },
): Promise<void> {
  await recordClaimed(deps, run, wait);
  const there = await Promise.all(missing.map(({ object }) => deps.objects.stat(object)));
  if (there.some((found) => found !== undefined)) {
    await deps.wake('validate', run);
  }
}

/** A data set that is not there is waited for, as long as this deployment wants. */
function waitFor(
  { clock, config }: ValidateDeps,
  { run, parsed }: Upload,
  missing: NamedFile[],
): RunEvent | undefined {
  const now = clock.now().toISOString();
  const deadline = later(run.work.waitingSince ?? now, config.datasetWaitMs);
  if (deadline <= now) return undefined;
  const pauseMs =
    Math.min(LAST_LOOK_MS, FIRST_LOOK_MS * 2 ** Math.min(run.work.attempts, 10)) * config.retryScale;
  const at = later(now, pauseMs);
  return datasetMissing(
    missing.map(({ uri }) => uri),
    { manifest: parsed.draft, recheckAt: at < deadline ? at : deadline, deadline },
  );
}

function notFound({ locate }: ParsedManifest, key: string, uri: string): Issue {
  return manifestIssue('dataset_not_found', locate(key), { key, uri });
}

function specOf(
  { run, bytes, parsed }: Upload,
  { uploaded, read, tooLarge }: { uploaded: StagedFile[]; read: StagedFile[] } & Pick<Staging, 'tooLarge'>,
  plan: Plan | undefined,
): Partial<RunSpec> {
  const contents = uploaded.map(({ source }) => `${source.uri} ${source.crc32c} ${source.sizeBytes}`);
  return {
    manifest: { ...parsed.draft, ...parsed.sweep?.values },
    manifestText: parsed.manifest ? undefined : legible(bytes),
    // Of what was not read, what it was is known: that file alone opens no other run.
    datasets: Object.fromEntries([
      ...tooLarge.map(({ key, source }) => [key, source]),
      ...read.map(({ file, source }) => [file.key, source]),
    ]),
    plan,
    fingerprint: digest([run.spec.source.uri, digest(bytes), ...contents].join('\n')),
  };
}

/** The beginning of a manifest that was refused, as text that any document can hold. */
function legible(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 4_000));
  return text.replace(/[^\P{Cc}\n\t]/gu, '\u{fffd}').toWellFormed();
}

interface Verdict {
  findings: IssueLog<Issue>;
  planned: PlannedManifest | undefined;
  spec: Partial<RunSpec>;
  checked: CheckedData;
  files: NamedFile[];
}

async function giveVerdict(deps: ValidateDeps, upload: Upload, verdict: Verdict): Promise<void> {
  const { run, parsed } = upload;
  const { findings, planned: { plan, cost, sweep } = {}, spec } = verdict;
  const { statistics: datasets } = verdict.checked;
  const {
    objects,
    runs,
    config: { resultsBucket },
  } = deps;
  const place = { objects, runs, resultsBucket, run };
  const isWrong = findings.hasErrors || !plan;
  const isDryRun = parsed.manifest?.dry_run ?? false;
  const isOne = !isWrong && sweep === undefined;
  const [listed, expectedDuration, learnt] = await Promise.all([
    publishFindings(findings, place, { spec, checked: verdict.checked, cost }),
    isOne ? expectedDurationOf(deps, { plan, data: datasets }) : undefined,
    isWrong || isDryRun ? undefined : deps.queues.learntOf(jobKindOf(plan)),
  ]);
  if (isWrong) return reject(deps, run, rejected(listed, inInbox(deps, verdict.files)));
  const asked = { spec, datasets, cost };
  const evaluation = evaluationOf(deps, { manifest: parsed.draft, plan, ...asked });
  const found = { ...listed, expectedDuration, evaluation };
  const { event, opens } = sweep
    ? await sweepOf(deps, run, { sweep, listed, learnt, isDryRun, ...asked })
    : { event: await verdictOf(deps, run, { found, plan, learnt, isDryRun }), opens: [] };
  if (isDryRun) return recordClaimed(deps, run, event);

  const { epoch } = run.work;
  const result = await deps.record(run, event, {
    ...{ epoch, opens },
    wakeNext: async (after) => {
      if (after.work.nextAction === 'submit') await deps.wake('submit', after);
      await beginSwept(deps, opens);
    },
    uniqueFingerprint: deps.config.onSameBytes === 'skip' ? spec.fingerprint : undefined,
  });
  if (result.outcome === 'duplicate') return recordClaimed(deps, run, sameBytes(result.of, spec));
}

/** Data that came while the upload was checked was heard of by nobody: it opens another run now. */
async function reject(deps: ValidateDeps, run: Run, event: RunEvent): Promise<void> {
  const { outcome, run: after } = await deps.record(run, event, { epoch: run.work.epoch });
  if (outcome === 'changed') await continueRejected(deps, after);
}

/** Uploads to other buckets are told to nobody. */
function inInbox({ config }: ValidateDeps, files: NamedFile[]): string[] {
  return files.filter(({ object }) => object.bucket === config.inboxBucket).map(({ uri }) => uri);
}

async function recordClaimed({ record }: ValidateDeps, run: Run, event: RunEvent): Promise<void> {
  await record(run, event, { epoch: run.work.epoch });
}
