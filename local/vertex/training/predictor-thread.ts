/** The thread of all predictions: answers each request with the text that the model writes. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Segment } from './prompts.ts';
import type { GenerateOptions, GenerateRequest } from './tuner-threads.ts';

interface Predictor {
  generate(segments: Segment[], options: GenerateOptions): string;
}

const { module } = workerData as { module: string };
const { createPredictor } = (await import(module)) as {
  createPredictor(options: { adapter: Uint8Array | undefined }): Predictor;
};

/** Models that are kept loaded; the one that was not asked for longest goes first. */
const MAX_LOADED = 4;
const loaded = new Map<string, Predictor>();

function predictorFor({ model, adapter }: GenerateRequest): Predictor {
  const predictor = loaded.get(model) ?? createPredictor({ adapter });
  loaded.delete(model);
  loaded.set(model, predictor);
  const [oldest] = loaded.keys();
  if (loaded.size > MAX_LOADED && oldest !== undefined) loaded.delete(oldest);
  return predictor;
}

parentPort?.on('message', ({ id, request }: { id: number; request: GenerateRequest }) => {
  try {
    parentPort?.postMessage({ id, text: predictorFor(request).generate(request.segments, request.options) });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
