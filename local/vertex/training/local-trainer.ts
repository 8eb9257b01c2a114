/** The trainer that trains: a small language model, on this machine, with the data sets and settings of the job. */
import { availableParallelism } from 'node:os';
import { ApiError } from '../http/api-error.ts';
import { readTuningExamples } from '../pipeline-jobs/examples.ts';
import { readTuningSettings } from '../pipeline-jobs/settings.ts';
import { predictionOf, readInstances, readParameters } from '../serving/prediction-request.ts';
import type { ObjectWriter } from '../storage/object-writer.ts';
import { writeModelFiles } from './model-files.ts';
import { createSlots, type Slots } from './slots.ts';
import type {
  PredictionTarget,
  Provenance,
  Trainer,
  TuningEvent,
  TuningSubject,
  TuningTask,
} from './trainer.ts';
import { createTunerThreads, type ThreadTraining, type Tuner } from './tuner-threads.ts';
import { createTuningLog, type Finished, type Outcome } from './tuning-log.ts';

export interface LocalTrainerOptions {
  /** Writes the model's files into the job's output directory; without it they are in the database only. */
  writeObject?: ObjectWriter;
  /** Trainings at once, one thread each; the others wait. One of the processors is left to the services. */
  workers?: number;
  /** A training ends after this time, wherever it is, and says so. */
  timeCapMs?: number;
  tuner?: Tuner | undefined;
}

const TIME_CAP_MS = 5 * 60_000;
const MAX_WORKERS = 2;

export function createLocalTrainer(options: LocalTrainerOptions = {}): Trainer {
  const { timeCapMs = TIME_CAP_MS, tuner = createTunerThreads(), writeObject } = options;
  const workers = options.workers ?? Math.max(1, Math.min(MAX_WORKERS, availableParallelism() - 1));
  const slots = createSlots(workers);
  return {
    provenance,
    tune: (task) =>
      task.family === 'embedding' ? withoutTraining() : train(task, { timeCapMs, tuner, slots, writeObject }),
    predict: async (target, request) => {
      const { family, adapter } = weightsOf(target);
      const instances = readInstances(family, request);
      const generateOptions = readParameters(request);
      const answers = instances.map((segments) =>
        tuner.generate({ model: target.name, adapter, segments, options: generateOptions }),
      );
      return (await Promise.all(answers)).map((content) => predictionOf(family, content));
    },
    close: () => tuner.close(),
  };
}

/** A model's description says what it is wherever a person meets it. */
function provenance({ family, baseModel }: TuningSubject): Provenance {
  if (family === 'embedding')
    return { labels: { 'stand-in': 'no-model-was-trained' }, description: UNTRAINED };
  return {
    labels: { 'stand-in': 'small-local-model' },
    description:
      `Tuned for real, but on the embedded cloud’s own model of less than a million parameters, not on ${baseModel}: ` +
      'what it writes and how well it learned say nothing about the models of Google Cloud.',
  };
}

const UNTRAINED =
  'Stand-in of the embedded cloud: no embedding model was trained, because its small model writes text and has no embeddings.';

async function* withoutTraining(): AsyncGenerator<TuningEvent> {
  yield { kind: 'finished', outputs: { note: UNTRAINED } };
}

function weightsOf({ name, weights }: PredictionTarget) {
  if (weights) return weights;
  throw new ApiError('UNIMPLEMENTED', `No model was trained for ${name}, so it cannot answer predictions.`);
}

interface Workshop {
  timeCapMs: number;
  tuner: Tuner;
  slots: Slots;
  writeObject: ObjectWriter | undefined;
}

async function* train(task: TuningTask, { slots, ...workshop }: Workshop): AsyncGenerator<TuningEvent> {
  yield progress('waiting for a free worker');
  const giveBack = await slots.acquire(task.signal);
  try {
    yield progress('reading the data sets');
    yield* run(await readJob(task, workshop.timeCapMs), { task, ...workshop });
  } finally {
    giveBack();
  }
}

const progress = (text: string): TuningEvent => ({ kind: 'progress', outputs: { local_progress: text } });

/** The job's name is the seed: the same job learns the same, also in another cloud or after a crash. */
async function readJob(task: TuningTask, timeCapMs: number): Promise<ThreadTraining> {
  const settings = readTuningSettings(task);
  const evaluationUri = String(task.parameters.evaluation_data_uri ?? '');
  const examples = await readTuningExamples(String(task.parameters.dataset_uri), task);
  const evaluation = evaluationUri === '' ? undefined : await readTuningExamples(evaluationUri, task);
  return {
    ...settings,
    ...{ examples, evaluation, timeCapMs, seed: task.jobName },
  };
}

interface Running {
  task: TuningTask;
  tuner: Tuner;
  writeObject: ObjectWriter | undefined;
}

async function* run(job: ThreadTraining, { task, tuner, writeObject }: Running): AsyncGenerator<TuningEvent> {
  const log = createTuningLog(task, job);
  for await (const event of tuner.tune(job, task.signal)) {
    if (event.kind === 'finished') {
      const { outputs, document } = log.outcome(event);
      yield await finish(task, { event, outputs, document, writeObject });
      return;
    }
    const { kind, ...metrics } = event;
    const measurement = { of: kind === 'train' ? 'train' : 'eval', ...metrics } as const;
    yield { kind: 'measured', measurement };
    const shown = log.add(measurement);
    if (shown) yield { kind: 'progress', outputs: shown };
  }
  throw new Error('The tuner ended without a result.');
}

interface Ending extends Outcome {
  event: Finished;
  writeObject: ObjectWriter | undefined;
}

async function finish(
  task: TuningTask,
  { event: { adapter }, outputs, document, writeObject }: Ending,
): Promise<TuningEvent> {
  const written = await writeModelFiles(task.artifactDirectory, { adapter, document }, writeObject);
  if ('artifactUri' in written)
    return { kind: 'finished', adapter, outputs, artifactUri: written.artifactUri };
  return { kind: 'finished', adapter, outputs: { ...outputs, note: written.note } };
}
