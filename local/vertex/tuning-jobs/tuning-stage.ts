/** The stage in which a job tunes. */

import { loadBase } from '../../small-model/model/base.ts';
import { encodeSafetensors } from '../../small-model/model/safetensors.ts';
import { decodeTuned } from '../../small-model/model/tuned.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import { weightsName } from '../store/models.ts';
import type { VertexStore } from '../store/store.ts';
import type { TuningJobRecord, TuningSettingsRecord } from '../store/tuning-job.ts';
import { ANSWER_SERIES, openMetricBoard, PREFERENCE_SERIES } from '../tensorboard/metric-board.ts';
import type { TrainingPlan, TuningEvent } from '../training/trainer.ts';
import { customBase } from './custom-base.ts';
import { readExamples } from './dataset.ts';
import { datasetsOf } from './datasets.ts';
import { experimentId, experimentName, openExperiment } from './experiments.ts';
import { enter } from './job-life.ts';
import { ADAPTER_RANKS } from './messages.ts';
import { specOf } from './model-rules.ts';
import type { StageContext, StageResult } from './stage-context.ts';
import { nextTarget, resourceParent } from './tuned-model.ts';

/** Steps between two times that the job's progress is written. */
const PROGRESS_STEPS = 10;
/** Google's samples of preference tuning leave it unset; this is the usual value of the method. */
const DEFAULT_BETA = 0.1;

/** What a training left behind, in the order in which it came. */
interface Trained {
  checkpoints: { step: number; weights: Uint8Array }[];
  weights?: Uint8Array | undefined;
  stepsRun: number;
}

export async function tuneModel(context: StageContext): Promise<StageResult> {
  const { settings } = context.job;
  if (!settings) throw new WorkFailure('INTERNAL', 'The data of the job was not read.');
  const parent = resourceParent(context.job, context.projectNumber);
  const experiment = experimentName(parent, experimentId(context.job));
  const trained = await train(context, settings, parent);
  const checkpoints = reached(settings, trained);
  await writeFiles(context, trained);
  return (job, moment) => {
    const target = job.kind === 'gemini' ? nextTarget(context.store, job) : undefined;
    const tuned = { ...job, experiment, target, settings: { ...settings, checkpoints } };
    keepWeights(context.store, tuned, trained);
    return enter({ ...tuned, completedSteps: trained.stepsRun }, 'POST_PROCESSING', moment);
  };
}

async function train(
  context: StageContext,
  settings: TuningSettingsRecord,
  parent: string,
): Promise<Trained> {
  const { job, store, clock, trainer, signal } = context;
  const place = store.atomically(() => openExperiment(store, job, { parent, nowMs: clock.now() }));
  context.report({ experiment: experimentName(parent, experimentId(job)) });
  const series = job.method === 'preference' ? PREFERENCE_SERIES : ANSWER_SERIES;
  const board = openMetricBoard(place, series, { store, now: () => clock.now() });
  const checkpoints: Trained['checkpoints'] = [];
  let stepsRun = 0;
  const take = (event: Exclude<TuningEvent, { kind: 'finished' }>) => {
    if (event.kind === 'progress') {
      context.report({ stage: event.phase === 'waiting' ? 'WAITING_FOR_CAPACITY' : 'TUNING' });
    }
    if (event.kind === 'checkpoint') checkpoints.push(event);
    if (event.kind !== 'measured') return;
    board.write(event.measurement);
    if (event.measurement.of !== 'train') return;
    stepsRun = event.measurement.step;
    if (stepsRun % PROGRESS_STEPS === 0) context.report({ completedSteps: stepsRun });
  };
  const task = {
    ...{ jobName: job.name, family: job.kind, baseModel: job.baseModel, signal },
    plan: () => planOf(context, settings),
  };
  for await (const event of trainer.tune(task)) {
    signal.throwIfAborted();
    if (event.kind === 'finished')
      return { checkpoints, weights: event.weights, stepsRun: stepsRun || settings.steps };
    take(event);
  }
  throw new WorkFailure('INTERNAL', 'The trainer ended without a model.');
}

async function planOf(
  { job, store, readObject }: StageContext,
  settings: TuningSettingsRecord,
): Promise<TrainingPlan> {
  const { training, validation } = datasetsOf(job, readObject);
  const { hyperParameters } = specOf(job.echo);
  const { steps, batchSize, learningRateMultiplier, adapterSize, checkpoints } = settings;
  return {
    examples: await readExamples(training),
    evaluation: validation && (await readExamples(validation)),
    ...{ steps, batchSize, learningRateMultiplier },
    evaluationInterval: Math.max(1, Math.ceil(steps / EVALUATIONS)),
    earlyStopping: false,
    checkpointSelection: false,
    checkpointSteps: checkpoints.map(({ step }) => step),
    learns: adapterSize === undefined ? 'base' : { rank: ADAPTER_RANKS[adapterSize] ?? 1 },
    start: (await customBase(job, readObject)) ?? startOf(job, store),
    preference:
      job.method === 'preference' ? { beta: Number(hyperParameters.beta ?? DEFAULT_BETA) } : undefined,
  };
}

/** Beside those at the checkpoints. How often the real service evaluates is not published. */
const EVALUATIONS = 10;

/** What the model that the job goes on from has learned. */
function startOf({ preTuned }: TuningJobRecord, store: VertexStore): Uint8Array | undefined {
  if (!preTuned) return undefined;
  const { model, version, checkpointId } = preTuned;
  const tuned = store.get('tuned', weightsName(model, version, checkpointId));
  if (tuned?.weights) return Buffer.from(tuned.weights, 'base64');
  throw new WorkFailure('FAILED_PRECONDITION', `No model was trained for ${model}@${version}.`);
}

/** The checkpoints that a training came to: one that ended early has its last step as its last checkpoint. */
function reached({ checkpoints, steps, epochs }: TuningSettingsRecord, { stepsRun, weights }: Trained) {
  if (!weights || stepsRun >= steps) return checkpoints;
  const before = checkpoints.filter(({ step }) => step <= stepsRun);
  if (before.at(-1)?.step === stepsRun) return before;
  const epoch = Math.floor((stepsRun / steps) * epochs);
  return [...before, { checkpointId: String(before.length + 1), epoch, step: stepsRun }];
}

function keepWeights(store: VertexStore, job: TuningJobRecord, trained: Trained): void {
  const { target, settings, kind: family, baseModel } = job;
  if (!target) return;
  const keep = (weights: Uint8Array | undefined, checkpointId?: string) =>
    store.put('tuned', {
      ...{ name: weightsName(target.model, target.version, checkpointId), family, baseModel },
      weights: weights && Buffer.from(weights).toString('base64'),
    });
  keep(trained.weights);
  if (specOf(job.echo).spec.exportLastCheckpointOnly === true) return;
  for (const { checkpointId, step } of settings?.checkpoints ?? []) {
    keep(trained.checkpoints.find((one) => one.step === step)?.weights ?? trained.weights, checkpointId);
  }
}

/** Files of an open model, below its output folder as Google's page of open models has them. */
async function writeFiles(
  { job, writeObject }: StageContext,
  { checkpoints, weights }: Trained,
): Promise<void> {
  const { outputUri } = job.echo;
  if (!writeObject || !weights || typeof outputUri !== 'string') return;
  const folder = `${outputUri.replace(/\/+$/, '')}/postprocess/node-0/checkpoints`;
  const files = [
    ...checkpoints.map(({ step, weights: at }) => ({ path: `checkpoint-${step}`, weights: at })),
    { path: 'final', weights },
  ];
  for (const file of files) {
    const { base, adapter } = decodeTuned(file.weights, loadBase());
    const name = adapter ? 'adapter_model.safetensors' : 'model.safetensors';
    const bytes = encodeSafetensors(adapter ?? base.matrices);
    await writeObject(`${folder}/${file.path}/${name}`, bytes, 'application/octet-stream');
  }
}
