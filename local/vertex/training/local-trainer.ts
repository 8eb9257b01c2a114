/** The trainer that trains: a small language model, on this machine, with the data sets and settings of the job. */
import { availableParallelism } from 'node:os';
import { VertexError } from '../http/api-error.ts';
import type { ObjectWriter } from '../storage/object-writer.ts';
import { writeModelFiles } from './model-files.ts';
import { createSlots, type Slots } from './slots.ts';
import type {
  GenerationTarget,
  Provenance,
  Trainer,
  TrainingResult,
  TuningEvent,
  TuningSubject,
  TuningTask,
} from './trainer.ts';
import { createTunerThreads, type ThreadTraining, type Tuner } from './tuner-threads.ts';
import { createTuningLog, type TuningOutcome } from './tuning-log.ts';

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
    generate: (target, segments, generateOptions) =>
      tuner.generate({
        ...{ model: target.name, weights: weightsOf(target), segments, options: generateOptions },
      }),
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

function weightsOf({ name, weights }: GenerationTarget): Uint8Array | undefined {
  if (weights !== 'none') return weights === 'base' ? undefined : weights;
  throw new VertexError('UNIMPLEMENTED', `No model was trained for ${name}, so it cannot answer.`);
}

interface Workshop {
  timeCapMs: number;
  tuner: Tuner;
  slots: Slots;
  writeObject: ObjectWriter | undefined;
}

async function* train(task: TuningTask, { slots, ...workshop }: Workshop): AsyncGenerator<TuningEvent> {
  yield progress('waiting', 'waiting for a free worker');
  const giveBack = await slots.acquire(task.signal);
  try {
    yield progress('training', 'reading the data sets');
    // The job's name is the seed: the same job learns the same, also in another cloud or after a crash.
    const training = { ...(await task.plan()), timeCapMs: workshop.timeCapMs, seed: task.jobName };
    yield* run(training, { task, ...workshop });
  } finally {
    giveBack();
  }
}

const progress = (phase: 'waiting' | 'training', text: string): TuningEvent => ({
  ...{ kind: 'progress', phase, outputs: { local_progress: text } },
});

interface Running {
  task: TuningTask;
  tuner: Tuner;
  writeObject: ObjectWriter | undefined;
}

async function* run(
  training: ThreadTraining,
  { task, tuner, writeObject }: Running,
): AsyncGenerator<TuningEvent> {
  const log = createTuningLog(task, training);
  for await (const event of tuner.tune(training, task.signal)) {
    if (event.kind === 'finished') {
      yield await finish(task, event.weights, { ...log.outcome(event), writeObject });
      return;
    }
    if (event.kind === 'checkpoint') {
      yield event;
      continue;
    }
    const { kind, ...metrics } = event;
    const measurement = { of: kind === 'train' ? 'train' : 'eval', ...metrics } as const;
    yield { kind: 'measured', measurement };
    const outputs = log.add(measurement);
    if (outputs) yield { kind: 'progress', phase: 'training', outputs };
  }
  throw new Error('The tuner ended without a result.');
}

async function finish(
  { artifactDirectory }: TuningTask,
  weights: Uint8Array,
  { outputs, document, writeObject }: TuningOutcome & Pick<Running, 'writeObject'>,
): Promise<TrainingResult> {
  if (artifactDirectory === undefined) return { kind: 'finished', weights, outputs };
  const written = await writeModelFiles(artifactDirectory, { weights, document }, writeObject);
  if ('artifactUri' in written)
    return { kind: 'finished', weights, outputs, artifactUri: written.artifactUri };
  return { kind: 'finished', weights, outputs: { ...outputs, note: written.note } };
}
