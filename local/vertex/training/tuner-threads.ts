/** Runs the tuner and the predictor in threads of their own: a step takes the processor for many milliseconds. */
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { GenerateOptions, WrittenAnswer } from '../../small-model/predictor.ts';
import type { Segment } from '../../small-model/text/sequence.ts';
import type { Training, TunerEvent } from '../../small-model/tuner.ts';

/** All of a training that can be sent to a thread. */
export type ThreadTraining = Omit<Training, 'signal'>;

export interface GenerateRequest {
  /** Names the weights, so that they are loaded once: the model's name. */
  model: string;
  /** Absent for the base model. */
  weights?: Uint8Array | undefined;
  segments: Segment[];
  options: GenerateOptions;
}

/** What tunes and predicts. */
export interface Tuner {
  /** Ends within a step when the signal aborts, by throwing. */
  tune(job: ThreadTraining, signal: AbortSignal): AsyncIterable<TunerEvent>;
  generate(request: GenerateRequest): Promise<WrittenAnswer>;
  close(): Promise<void>;
}

/** The modules that the threads load; other ones in tests. */
export interface TunerModules {
  tuner?: URL;
  predictor?: URL;
}

/** V8's heap of a thread, for examples and bookkeeping; the weights lie outside of it. */
const HEAP_MB = 1_024;

export function createTunerThreads(modules: TunerModules = {}): Tuner {
  const tunerModule = modules.tuner ?? new URL('../../small-model/tuner.ts', import.meta.url);
  const predictor = createPredictorThread(
    modules.predictor ?? new URL('../../small-model/predictor.ts', import.meta.url),
  );
  return {
    tune: (job, signal) => tuneInThread({ module: tunerModule.href, job }, signal),
    generate: predictor.generate,
    close: predictor.close,
  };
}

const startThread = (file: string, workerData: object): Worker =>
  new Worker(new URL(file, import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });

/** The thread is ended from outside, so that a cancellation waits for no step. */
async function* tuneInThread(
  data: { module: string; job: ThreadTraining },
  signal: AbortSignal,
): AsyncGenerator<TunerEvent> {
  signal.throwIfAborted();
  const thread = startThread('./tuner-thread.ts', data);
  try {
    for await (const [event] of on(thread, 'message', { signal, close: ['exit'] })) {
      yield event as TunerEvent;
    }
  } finally {
    await thread.terminate();
  }
}

interface WaitingRequest {
  resolve(answer: WrittenAnswer): void;
  reject(error: Error): void;
}

/** One thread for all predictions, from the first one on; it keeps no process alive. */
function createPredictorThread(module: URL) {
  let thread: Worker | undefined;
  let count = 0;
  const waiting = new Map<number, WaitingRequest>();

  const fail = (error: Error) => {
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = () => {
    const started = startThread('./predictor-thread.ts', { module: module.href });
    started.on('message', ({ id, answer, error }: { id: number; answer?: WrittenAnswer; error?: string }) => {
      const request = waiting.get(id);
      waiting.delete(id);
      if (answer === undefined) request?.reject(new Error(error));
      else request?.resolve(answer);
    });
    started.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    started.on('exit', () => fail(new Error('The predictor was ended.')));
    started.unref();
    return started;
  };

  return {
    generate: (request: GenerateRequest) =>
      new Promise<WrittenAnswer>((resolve, reject) => {
        const id = count;
        count += 1;
        waiting.set(id, { resolve, reject });
        thread ??= start();
        thread.postMessage({ id, request });
      }),
    close: async () => {
      await thread?.terminate();
    },
  };
}
