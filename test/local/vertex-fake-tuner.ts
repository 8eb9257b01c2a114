import { createHash } from 'node:crypto';
import type { WrittenAnswer } from '../../local/small-model/predictor.ts';
import type { StepMetrics } from '../../local/small-model/training/metrics.ts';
import type { TrainingEnd, TunerEvent } from '../../local/small-model/tuner.ts';
import type { ThreadTraining, Tuner } from '../../local/vertex/training/tuner-threads.ts';

/** Numbers that depend on nothing but seed, kind and step: the same job measures the same. */
function measuredAt(seed: string, kind: string, step: number): StepMetrics {
  const digest = createHash('sha256').update(`${seed}/${kind}/${step}`).digest();
  return {
    loss: digest.readUInt32BE(0) / 2 ** 30,
    accuracy: digest.readUInt32BE(4) / 2 ** 32,
    predictions: step,
  };
}

/** What the fake tuner measures for this job, without the end. */
export function eventsOf(job: ThreadTraining): Extract<TunerEvent, { step: number }>[] {
  return Array.from({ length: job.steps }, (_, index) => index + 1).flatMap((step) => {
    const train = { kind: 'train', step, ...measuredAt(job.seed, 'train', step) } as const;
    const isTime = step % job.evaluationInterval === 0 || job.checkpointSteps?.includes(step);
    if (!job.evaluation || !isTime) return [train];
    return [train, { kind: 'evaluation', step, ...measuredAt(job.seed, 'evaluation', step) } as const];
  });
}

export interface FakeTuner extends Tuner {
  /** The jobs that it was given, in order. */
  readonly jobs: ThreadTraining[];
  /** Lets every training go on to its end. */
  release(): void;
}

export interface FakeTunerOptions {
  /** Trainings stop after this step until they are released or aborted. */
  holdAfter?: number;
  /** Trainings end after this step, as if their time were up. */
  stopAfter?: number;
  /** What every prompt is answered, in place of what says how it was asked. */
  answer?: WrittenAnswer;
  /** What the end says beyond the usual. */
  end?: Partial<TrainingEnd>;
}

/** Measures numbers out of a hash; its weights are the job's seed, and its answers tell adapter and prompt. */
export function createFakeTuner(options: FakeTunerOptions = {}): FakeTuner {
  const { holdAfter, stopAfter = Number.POSITIVE_INFINITY, answer, end } = options;
  const jobs: ThreadTraining[] = [];
  const gate = Promise.withResolvers<void>();
  return {
    jobs,
    release: gate.resolve,
    async *tune(job, signal) {
      jobs.push(job);
      for (const event of eventsOf(job).filter(({ step }) => step <= stopAfter)) {
        if (holdAfter !== undefined && event.step > holdAfter) {
          await Promise.race([gate.promise, aborted(signal)]);
        }
        signal.throwIfAborted();
        yield event;
        if (event.kind === 'train' && job.checkpointSteps?.includes(event.step)) {
          const weights = new TextEncoder().encode(`${job.seed} at ${event.step}`);
          yield { kind: 'checkpoint', step: event.step, weights };
        }
      }
      signal.throwIfAborted();
      yield {
        ...{ kind: 'finished', stepsRun: job.steps, timeCapped: false, checkpointStep: job.steps },
        ...{ truncatedExamples: 0, weights: new TextEncoder().encode(job.seed), ...end },
      };
    },
    generate: async ({ weights, segments, options: asked }) =>
      answer ?? {
        isEnded: true,
        text: JSON.stringify({
          adapter: weights ? new TextDecoder().decode(weights) : 'base',
          read: segments.map(({ text }) => text).join('|'),
          tokens: asked.maxOutputTokens,
          temperature: asked.temperature,
        }),
      },
    close: async () => {},
  };
}

/** Also when it was aborted before anyone asked. */
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
