import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createPredictor } from '../local/vertex/tuner/predictor.ts';
import { createRandom } from '../local/vertex/tuner/rng.ts';
import { type StepMetrics, type TuningExample, tune } from '../local/vertex/tuner/tuner.ts';

/** Two jobs of 300 steps, batch 8: the tuned model beside the base, and beside one tuned on the same data with shuffled labels. */

export interface TunerBench {
  folders?: string[];
  seeds?: string[];
  steps?: number;
  write: (line: string) => void;
}

interface Dataset {
  train: TuningExample[];
  evaluation: TuningExample[];
}

export async function benchTuner(bench: TunerBench): Promise<void> {
  const {
    folders = ['medical-specialty', 'banking-intent'],
    seeds = ['1', '2', '3'],
    steps = 300,
    write,
  } = bench;
  for (const folder of folders) {
    const data: Dataset = { train: read(folder, 'train.jsonl'), evaluation: read(folder, 'eval.jsonl') };
    write(`${folder}, ${data.train.length} examples, ${data.evaluation.length} to evaluate`);
    const base = createPredictor({});
    write(`  base: ${describe(base.evaluate(data.evaluation))}, exact ${countExact(base, data.evaluation)}`);
    for (const seed of seeds) {
      write(`  seed ${seed}, tuned: ${await run(data, { seed, steps })}`);
      const shuffled = { ...data, train: shuffleLabels(data.train, seed) };
      write(`  seed ${seed}, shuffled labels: ${await run(shuffled, { seed, steps })}`);
    }
  }
}

async function run(data: Dataset, { seed, steps }: { seed: string; steps: number }): Promise<string> {
  const started = performance.now();
  const job = { steps, batchSize: 8, learningRateMultiplier: 1, evaluationInterval: 20, seed };
  const choices = { earlyStopping: false, checkpointSelection: false };
  const curve: string[] = [];
  let adapter = new Uint8Array();
  for await (const event of tune({ ...job, ...choices, examples: data.train, evaluation: data.evaluation })) {
    if (event.kind === 'evaluation' && event.step % 60 === 0) {
      curve.push(`${event.step}: ${event.loss.toFixed(3)}/${event.accuracy.toFixed(3)}`);
    }
    if (event.kind === 'finished') adapter = new Uint8Array(event.adapter);
  }
  const seconds = (performance.now() - started) / 1000;
  const tuned = createPredictor({ adapter });
  const exact = countExact(tuned, data.evaluation);
  const load = loadavg()[0]?.toFixed(1);
  return `${describe(tuned.evaluate(data.evaluation))}, exact ${exact}; ${seconds.toFixed(1)} s, load ${load} [${curve.join(', ')}]`;
}

const describe = ({ loss, accuracy }: StepMetrics) =>
  `loss ${loss.toFixed(3)}, token accuracy ${accuracy.toFixed(3)}`;

/** Whole answers that the model writes as they stand in the data. */
function countExact(
  predictor: ReturnType<typeof createPredictor>,
  examples: readonly TuningExample[],
): string {
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
