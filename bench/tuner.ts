import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createRandom } from '../local/small-model/math/random.ts';
import { createPredictor } from '../local/small-model/predictor.ts';
import type { TuningExample } from '../local/small-model/text/sequence.ts';
import { tune } from '../local/small-model/tuner.ts';
import type { WriteLine } from './timing.ts';

/** Jobs with a batch size of 8: the tuned model beside the base, and beside one tuned on the same data with shuffled labels. */

export interface TunerSize {
  /** Folders of `examples/`. */
  folders: string[];
  seeds: string[];
  steps: number;
}

interface Dataset {
  train: TuningExample[];
  evaluation: TuningExample[];
}

export async function benchTuner({ folders, seeds, steps }: TunerSize, write: WriteLine): Promise<void> {
  write(row(['data', 'labels', 'seed', 'eval loss', 'token accuracy', 'exact answers', 'wall s']));
  for (const folder of folders) {
    const data: Dataset = { train: read(folder, 'train.jsonl'), evaluation: read(folder, 'eval.jsonl') };
    write(row([folder, 'base', '-', ...figures(createPredictor({}), data.evaluation), '-']));
    for (const seed of seeds) {
      write(row([folder, 'true', seed, ...(await run(data, { seed, steps }))]));
      const shuffled = { ...data, train: shuffleLabels(data.train, seed) };
      write(row([folder, 'shuffled', seed, ...(await run(shuffled, { seed, steps }))]));
    }
  }
  write(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
}

const WIDTHS = [18, 8, 4, 9, 14, 13, 6];

const row = (cells: string[]) => cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('  ');

async function run(data: Dataset, { seed, steps }: { seed: string; steps: number }): Promise<string[]> {
  const started = performance.now();
  const job = { steps, batchSize: 8, learningRateMultiplier: 1, evaluationInterval: 20, seed };
  const choices = { earlyStopping: false, checkpointSelection: false };
  let weights = new Uint8Array();
  for await (const event of tune({ ...job, ...choices, examples: data.train, evaluation: data.evaluation })) {
    if (event.kind === 'finished') weights = new Uint8Array(event.weights);
  }
  const seconds = (performance.now() - started) / 1000;
  return [...figures(createPredictor({ weights }), data.evaluation), seconds.toFixed(1)];
}

type Predictor = ReturnType<typeof createPredictor>;

function figures(predictor: Predictor, examples: TuningExample[]): string[] {
  const { loss, accuracy } = predictor.evaluate(examples);
  return [loss.toFixed(3), accuracy.toFixed(3), countExact(predictor, examples)];
}

/** Whole answers that the model writes as they stand in the data. */
function countExact(predictor: Predictor, examples: readonly TuningExample[]): string {
  const exact = examples.filter(({ segments: [given, wanted] }) => {
    if (!given || !wanted) return false;
    return predictor.generate([given], { maxOutputTokens: 24 }) === wanted.text;
  });
  return `${exact.length} of ${examples.length}`;
}

function read(folder: string, file: string): TuningExample[] {
  const text = readFileSync(new URL(`../examples/${folder}/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { input_text, output_text } = JSON.parse(line);
      return {
        segments: [
          { text: input_text, isTarget: false },
          { text: output_text, isTarget: true },
        ],
      };
    });
}

function shuffleLabels(examples: readonly TuningExample[], seed: string): TuningExample[] {
  const labels = createRandom(`${seed}/labels`).shuffle(examples.map(({ segments }) => segments.slice(1)));
  return examples.map(({ segments }, index) => ({
    segments: [...segments.slice(0, 1), ...(labels[index] ?? [])],
  }));
}
