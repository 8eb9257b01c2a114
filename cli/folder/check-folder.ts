import { brotliDecompressSync } from 'node:zlib';
import { planEvaluation } from '../../shared/core/evaluation/decide.ts';
import type { EvaluationStatus } from '../../shared/core/evaluation/status.ts';
import {
  createCatalogLog,
  type Issue,
  type IssueCode,
  reportGroup,
  reportIssue,
} from '../../shared/core/issues/catalog.ts';
import { datasetIssue } from '../../shared/core/issues/dataset.ts';
import type { Severity } from '../../shared/core/issues/issue.ts';
import { distinctIssues, type ManifestIssue, manifestIssue } from '../../shared/core/issues/manifest.ts';
import type { IssueReport } from '../../shared/core/issues/report.ts';
import { forDataCheck } from '../../shared/core/manifest/data-check.ts';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { type ParsedManifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { draftsOf } from '../../shared/core/manifest/sweep.ts';
import type { Cost } from '../../shared/core/tuning/cost.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import {
  type PlannedManifest,
  type PricedPlan,
  planManifest,
} from '../../shared/core/tuning/plan-manifest.ts';
import { preferenceHint } from '../../shared/core/tuning/preference-hint.ts';
import { type CheckedData, checkData, conversionFacts } from '../../shared/flows/check-data.ts';
import type { Buckets } from './buckets.ts';
import {
  displayNameOf,
  type Folder,
  findData,
  manifestPath,
  readManifest,
  type UnreadFile,
} from './folder.ts';
import { checkTeam, mayReadOfTeam, teamOf } from './team.ts';

/** What was found in a folder, and in the buckets that it names where they could be read. */
export interface FolderCheck {
  /** By file and line, one for each cause. */
  issues: IssueReport[];
  /** By file and line, every single one; at most `MOST_ISSUES`. */
  allIssues: () => IssueReport[];
  /** Exact, however many issues are listed. */
  issueCount: Record<Severity, number>;
  datasets: CheckedData['statistics'];
  trainExamples: number | undefined;
  /** The files that are converted on the way, and into what. */
  conversions: CheckedData['conversions'];
  /** The same in the words of a run document. */
  converted: Record<string, ReturnType<typeof conversionFacts>>;
  /** Which examples of the training file are kept for the evaluation. */
  split: CheckedData['split'];
  /** Data in buckets that was not looked at. */
  elsewhere: UnreadFile[];
  /** The tuned model that the manifest goes on from, which only a deployment knows. */
  preTunedModel: { name: string; isBaseKnown: boolean } | undefined;
  manifest: Uint8Array;
  isCancel: boolean;
  /** There when the manifest is right in itself. */
  plan: Plan | undefined;
  /** What that plan will cost, as far as it is known; of a sweep what all its runs will. */
  cost: Cost | undefined;
  /** The runs that lists of settings ask for; `plan` is that of the first. */
  sweep: PricedPlan[] | undefined;
  /** What is asked of the tuned model afterwards; undefined without a plan, or where its data was not read or is wrong. */
  evaluation: EvaluationStatus | undefined;
  /** A sentence that points to another way of tuning, where the data speaks for it. */
  hint: string | undefined;
}

/** More than anybody reads; the numbers stay exact. */
const MOST_ISSUES = 50_000;

/** What only a deployment knows; it is checked at upload. */
const BY_ALLOW_LIST: ReadonlySet<IssueCode> = new Set([
  'bucket_not_allowed',
  'dataset_not_allowed',
  'service_account_not_allowed',
  'kms_key_not_allowed',
  'tensorboard_not_allowed',
  'output_not_allowed',
  'pre_tuned_model_not_allowed',
  'custom_base_model_not_allowed',
  // Told by checkTeam, which knows where the folder will lie.
  'outside_team_folder',
]);

export interface FolderCheckOptions {
  limits: DeploymentLimits;
  /** ISO 8601 day by which models are judged retired. */
  today: string;
  /** Opens the buckets that data may lie in, once the manifest names any; without it nobody looks there. */
  openBuckets?: (() => Promise<Buckets>) | undefined;
  /** In place of the one that lies in the folder. */
  manifest?: Uint8Array | undefined;
  /** Gets every issue as it is found. */
  onIssue?: ((issue: Issue) => void) | undefined;
  /** Whether nobody asks for every single issue. */
  isListLeftOut?: boolean | undefined;
  /** Whether data is converted though the manifest says that it should stay as it is. */
  isAlwaysConverted?: boolean | undefined;
}

/** The vocabulary is loaded only where tokens are counted. */
async function loadCounter() {
  const { gemma3Counter } = await import('../../shared/core/dataset/tokens/gemma3.ts');
  return gemma3Counter(brotliDecompressSync);
}

/** Checks a folder as the validate function checks an upload, but for what only a deployment knows. */
export async function checkFolder(folder: Folder, options: FolderCheckOptions): Promise<FolderCheck> {
  const manifest = options.manifest ?? (await readManifest(folder));
  const parsed = parseManifest(manifest, { uri: manifestPath(folder.dir) });
  const log = createCatalogLog({ list: options.isListLeftOut ? 0 : MOST_ISSUES });
  const data = await dataOf(parsed.draft, folder, options.openBuckets);

  const team = teamOf(folder, options.limits);
  const note = (issue: Issue) => {
    log.add(issue);
    options.onIssue?.(issue);
  };
  for (const issue of [...parsed.issues, ...checkModelAndRegions(parsed, options)]) note(issue);
  for (const issue of checkTeam(manifest, parsed.locate, team)) note(issue);
  for (const { key, ...missing } of data.missing) {
    note(manifestIssue('dataset_not_found', parsed.locate(key), { key, ...missing }));
  }
  for (const { uri, bytes, most } of data.tooLarge) {
    note(datasetIssue('dataset_file_too_large', { uri }, { bytes, most }));
  }
  for (const { uri, encoding } of data.packed)
    note(datasetIssue('dataset_content_encoding', { uri }, { encoding }));
  const draft = forDataCheck(parsed.draft);
  const convert = options.isAlwaysConverted ? draft.convert || undefined : draft.convert;
  const checked = await checkData({ ...draft, convert }, data.files, {
    onIssue: note,
    mayRead: (uri) => mayReadOfTeam(uri, team),
    counter: loadCounter,
  });
  const { trainExamples } = checked;
  // A folder that was not uploaded has no run yet; the plan for people does without.
  const planned = planManifest({
    ...{ parsed, trainExamples, limits: options.limits, folderName: displayNameOf(folder) },
    training: checked.statistics.dataset_uri,
    ...{ runId: '', runIdOf: () => '', onIssue: note, isRefused: () => log.hasErrors },
  });
  return {
    issues: inReadingOrder(log.groups.map((group) => reportGroup(group, checked.linesIn))),
    allIssues: () => inReadingOrder(log.listed.map(reportIssue)),
    issueCount: log.bySeverity(),
    datasets: checked.statistics,
    trainExamples,
    conversions: checked.conversions,
    converted: Object.fromEntries(
      Object.entries(checked.conversions).map(([key, conversion]) => [key, conversionFacts(conversion)]),
    ),
    split: checked.split,
    elsewhere: data.elsewhere,
    preTunedModel: preTunedModelOf(parsed),
    manifest,
    isCancel: parsed.isCancel,
    plan: planned?.plan,
    cost: planned?.cost,
    sweep: planned?.sweep,
    evaluation: log.hasErrors ? undefined : evaluationOf(parsed, { planned, checked, options }),
    hint:
      planned &&
      preferenceHint({ plan: planned.plan, task: parsed.draft.task, data: checked.statistics.dataset_uri }),
  };
}

/** What reads buckets is loaded only where a manifest names data in one. */
async function dataOf(
  draft: ParsedManifest['draft'],
  folder: Folder,
  openBuckets: FolderCheckOptions['openBuckets'],
) {
  const data = findData(draft, folder);
  if (openBuckets === undefined || data.elsewhere.length === 0) return data;
  const { readBuckets } = await import('./buckets.ts');
  return readBuckets(data, draft, await openBuckets());
}

function preTunedModelOf({ draft }: ParsedManifest): FolderCheck['preTunedModel'] {
  const { pre_tuned_model: name, base_model } = draft;
  return name === undefined ? undefined : { name, isBaseKnown: base_model !== undefined };
}

function checkModelAndRegions(parsed: ParsedManifest, { limits, today }: FolderCheckOptions) {
  const { locate } = parsed;
  const drafts = draftsOf(parsed);
  const issues = drafts.flatMap((draft) => checkDeployment(draft, limits, { locate, today }));
  return distinctIssues(issues)
    .filter(({ code }) => !BY_ALLOW_LIST.has(code))
    .map(asSaid);
}

/** Whether the bucket that the caller named is an inbox is known to the deployment alone. */
function asSaid(issue: ManifestIssue): ManifestIssue {
  return issue.code === 'output_in_inbox' ? { ...issue, severity: 'warning' } : issue;
}

/** What only a deployment knows is not held against it: what a folder may spend in a month. */
function evaluationOf(
  { draft: manifest }: ParsedManifest,
  {
    planned,
    checked,
    options: { limits, today },
  }: { planned: PlannedManifest | undefined; checked: CheckedData; options: FolderCheckOptions },
): EvaluationStatus | undefined {
  const { evaluation_data_uri: data } = checked.statistics;
  const isElsewhere = manifest.evaluation_data_uri !== undefined && data === undefined;
  if (planned === undefined || isElsewhere) return undefined;
  const { plan, cost, sweep } = planned;
  const runs = sweep?.length;
  return planEvaluation({ manifest, plan, file: undefined, data, cost, limits, today, runs });
}

/** File by file in the order of their discovery, the manifest first; from top to bottom in each. */
function inReadingOrder(issues: readonly IssueReport[]): IssueReport[] {
  return [...Map.groupBy(issues, ({ file }) => file).values()].flatMap((ofFile) =>
    ofFile.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  );
}
