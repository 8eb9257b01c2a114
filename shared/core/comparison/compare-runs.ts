/** Two runs side by side: what was changed, and what became of it. Pure, over their documents. */
import { MEASURE_NAMES, MEASURES, type MeasureName } from '../evaluation/measures.ts';
import { DATA_KEYS, type DataKey } from '../models/data-keys.ts';
import type { DatasetSource } from '../run/dataset-source.ts';
import type { Run } from '../run/run.ts';
import type { ParameterValue, Plan } from '../tuning/plan.ts';

export interface RunComparison {
  /** Only those that differ, by Google's names; undefined where a run does not have it. */
  settings: { name: string; before?: ParameterValue | undefined; after?: ParameterValue | undefined }[];
  /** Every file that one of them names. */
  files: FileComparison[];
  /** What was measured of either, where both or one have it. */
  measures: { name: string; before?: number | undefined; after?: number | undefined; isShare: boolean }[];
}

export interface FileComparison {
  key: DataKey;
  before?: FileFacts | undefined;
  after?: FileFacts | undefined;
  /** Whether both uploads have the same bytes. */
  isSame: boolean;
}

export interface FileFacts {
  uri: string;
  /** The copy of the upload that was checked. */
  stagedUri: string;
  examples?: number | undefined;
}

export function compareRuns(before: Run, after: Run): RunComparison {
  return {
    settings: differencesOf(plannedSettings(before.spec.plan), plannedSettings(after.spec.plan)),
    files: DATA_KEYS.flatMap((key) => fileComparison(key, before, after) ?? []),
    measures: [...Object.entries(MEASURED), ...measuredByJobs(before, after)].flatMap(
      ([name, { read, isShare }]) => {
        const [earlier, later] = [read(before), read(after)];
        return earlier === undefined && later === undefined
          ? []
          : { name, before: earlier, after: later, isShare };
      },
    ),
  };
}

/** Parameters that name places, which differ in every run or say nothing of the model. */
const PLACES =
  /^(?:project|location|model_display_name|tensorboard_resource_id|encryption_spec_key_name)$|_(?:uri|dir|root_dir)$|^dataset_name$/;

/** What a plan decides of a model, under Google's names. */
function plannedSettings(plan: Plan | undefined): Record<string, ParameterValue> {
  if (plan === undefined) return {};
  const { baseModel } = plan;
  if (plan.backend === 'pipelineJobs') {
    const all = Object.entries({ ...plan.templateDefaults, ...plan.parameters });
    return { baseModel, ...Object.fromEntries(all.filter(([name]) => !PLACES.test(name))) };
  }
  const { method, tuningMode, hyperParameters, preTunedModel, customBaseModel } = plan;
  return present({
    ...{ baseModel, method, tuningMode, customBaseModel },
    ...hyperParameters,
    preTunedModel: preTunedModel?.tunedModelName,
    checkpointId: preTunedModel?.checkpointId,
  });
}

function present(values: Record<string, ParameterValue | undefined>): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, ParameterValue] => entry[1] !== undefined),
  );
}

function differencesOf(
  before: Record<string, ParameterValue>,
  after: Record<string, ParameterValue>,
): RunComparison['settings'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name], after: after[name] }));
}

function fileComparison(key: DataKey, before: Run, after: Run): FileComparison | undefined {
  const [earlier, later] = [before, after].map((run) => run.spec.datasets?.[key]);
  if (!earlier && !later) return undefined;
  return {
    key,
    before: earlier && factsOf(earlier, before, key),
    after: later && factsOf(later, after, key),
    isSame: earlier?.crc32c === later?.crc32c && earlier?.sizeBytes === later?.sizeBytes,
  };
}

function factsOf({ uri, stagedUri }: DatasetSource, { status }: Run, key: DataKey): FileFacts {
  const statistics = status.datasets?.[key];
  return {
    uri,
    stagedUri,
    examples: statistics && 'examples' in statistics ? statistics.examples : undefined,
  };
}

interface ReadMeasure {
  read: (run: Run) => number | undefined;
  isShare: boolean;
}

/** What the jobs of embedding models have measured, under the names that they give. */
function measuredByJobs(before: Run, after: Run): [string, ReadMeasure][] {
  const valueIn = (name: string) => (run: Run) =>
    run.status.result?.measured?.find((one) => one.name === name)?.value;
  const names = [before, after].flatMap(
    ({ status }) => status.result?.measured?.map(({ name }) => name) ?? [],
  );
  return [...new Set(names)].map((name) => [`${name} of the job`, { read: valueIn(name), isShare: false }]);
}

/** What is measured of a run, by what people call it: first what the tuned model answered to the evaluation data. */
const MEASURED: Record<string, ReadMeasure> = {
  ...Object.fromEntries(
    MEASURE_NAMES.map((name) => [
      `${MEASURES[name].title} of the answers`,
      { read: (run: Run) => answeredBy(run, name), isShare: true },
    ]),
  ),
  'token accuracy of the best step': {
    read: ({ status }) => status.metrics?.best?.tokenAccuracy,
    isShare: true,
  },
  'evaluation loss of the best step': { read: ({ status }) => status.metrics?.best?.loss, isShare: false },
};

function answeredBy({ status: { evaluation } }: Run, name: MeasureName): number | undefined {
  if (evaluation?.measure === name) return evaluation.tuned?.value;
  return evaluation?.others?.find(({ measure }) => measure === name)?.tuned.value;
}
