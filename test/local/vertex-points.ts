import type { TunerEvent } from '../../local/small-model/tuner.ts';
import type { Answer } from './vertex-harness.ts';

type Series = { values?: { step: string; scalar: { value?: number } }[] };

/** Every point of every series of the first experiment in a TensorBoard, as `/name: step value`, sorted. */
export async function readPoints(
  get: (path: string) => Promise<Answer>,
  tensorboard: string,
): Promise<string[]> {
  const { tensorboardExperiments } = (await get(`/v1/${tensorboard}/experiments`)).body;
  const [experiment] = (tensorboardExperiments ?? []) as { name: string }[];
  if (!experiment) return [];
  const listed = (await get(`/v1/${experiment.name}/runs/default/timeSeries`)).body;
  const all = (listed.tensorboardTimeSeries ?? []) as { name: string; displayName: string }[];
  const read = await Promise.all(
    all.map(async ({ name, displayName }) => {
      const { timeSeriesData } = (await get(`/v1/${name}:read`)).body;
      const { values = [] } = timeSeriesData as unknown as Series;
      return values.map(({ step, scalar }) => `${displayName}: ${step} ${scalar.value ?? 0}`);
    }),
  );
  return read.flat().sort();
}

/** What a tuner told, in the same words. */
export const pointsOfEvents = (events: TunerEvent[]): string[] =>
  events
    .flatMap((event) => {
      if (event.kind === 'finished' || event.kind === 'checkpoint') return [];
      const { step, loss, accuracy, predictions } = event;
      const of = event.kind === 'train' ? '/train' : '/eval';
      return [
        `${of}_total_loss: ${step} ${loss}`,
        `${of}_fraction_of_correct_next_step_preds: ${step} ${accuracy}`,
        `${of}_num_predictions: ${step} ${predictions}`,
      ];
    })
    .sort();
