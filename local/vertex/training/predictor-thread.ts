/** The thread of all predictions: answers each request with the text that the model writes. */
import { parentPort, workerData } from 'node:worker_threads';
import type { GenerateOptions, WrittenAnswer } from '../../small-model/predictor.ts';
import type { Segment } from '../../small-model/text/sequence.ts';
import type { GenerateRequest } from './tuner-threads.ts';

interface Predictor {
  write(segments: Segment[], options: GenerateOptions): WrittenAnswer;
}

const { module } = workerData as { module: string };
const { createPredictor } = (await import(module)) as {
  createPredictor(options: { weights: Uint8Array | undefined }): Predictor;
};

/** Models that are kept loaded; the one that was not asked for longest goes first. */
const MAX_LOADED = 4;
const loaded = new Map<string, Predictor>();

function predictorFor({ model, weights }: GenerateRequest): Predictor {
  const predictor = loaded.get(model) ?? createPredictor({ weights });
  loaded.delete(model);
  loaded.set(model, predictor);
  const [oldest] = loaded.keys();
  if (loaded.size > MAX_LOADED && oldest !== undefined) loaded.delete(oldest);
  return predictor;
}

parentPort?.on('message', ({ id, request }: { id: number; request: GenerateRequest }) => {
  try {
    const answer = predictorFor(request).write(request.segments, request.options);
    parentPort?.postMessage({ id, answer });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
