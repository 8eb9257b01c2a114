import { type Context, defineCommand } from '../cli/command-line/command.ts';
import { EXIT } from '../cli/command-line/exit.ts';
import { openTerminals } from '../cli/command-line/terminal.ts';
import { benchBundles } from './bundles.ts';
import { benchCheckCommand } from './check-command.ts';
import { benchCheckMemory } from './check-memory.ts';
import { benchDatasetCheck } from './dataset-check.ts';
import { benchPipeline } from './pipeline.ts';
import { benchPubSub } from './pubsub.ts';
import type { WriteLine } from './timing.ts';
import { benchTuner } from './tuner.ts';

/** How much is measured: all of `quick` takes less than five minutes on two cores, `full` takes as long as it takes. */
interface Sizes<Size> {
  quick: Size;
  full: Size;
}

const BENCHES = {
  dataset: bench(benchDatasetCheck, {
    quick: { megabytes: 100, rounds: 6 },
    full: { megabytes: 200, rounds: 8 },
  }),
  check: bench(benchCheckCommand, { quick: { rounds: 7 }, full: { rounds: 20 } }),
  memory: bench(benchCheckMemory, {
    quick: { megabytes: 250, rows: 2_500_000 },
    full: { megabytes: 1000, rows: 10_000_000 },
  }),
  bundles: bench(benchBundles, { quick: { rounds: 3 }, full: { rounds: 10 } }),
  pipeline: bench(benchPipeline, { quick: { starts: 3, drops: 10 }, full: { starts: 5, drops: 20 } }),
  pubsub: bench(benchPubSub, {
    quick: { loads: [{ messages: 4000, keys: 800 }] },
    full: {
      loads: [
        { messages: 4000, keys: 800 },
        { messages: 10_000, keys: 2000 },
        { messages: 10_000, keys: 1 },
      ],
    },
  }),
  tuner: bench(benchTuner, {
    quick: { folders: ['medical-specialty'], seeds: ['1'], steps: 150 },
    full: { folders: ['medical-specialty', 'banking-intent'], seeds: ['1', '2', '3'], steps: 300 },
  }),
};

type Bench = (size: keyof Sizes<unknown>, write: WriteLine) => Promise<void>;

function bench<Size>(measure: (size: Size, write: WriteLine) => Promise<void>, sizes: Sizes<Size>): Bench {
  return (size, write) => measure(sizes[size], write);
}

const command = defineCommand({
  call: 'npm run bench --',
  summary: `Figures of this machine, each beside a reference measured in the same run: ${Object.keys(BENCHES).join(', ')}.`,
  operand: {
    ...{ value: 'NAME', noun: 'bench', isOptional: true },
    problem: (name) =>
      Object.hasOwn(BENCHES, name) ? undefined : `is none of ${Object.keys(BENCHES).join(', ')}`,
  },
  flags: { full: { help: 'the long form, with more of everything' } },
  async carryOut({ operand: chosen, flags: { full } }, { stdout }) {
    for (const [name, run] of Object.entries(BENCHES)) {
      if (chosen !== '' && name !== chosen) continue;
      const from = performance.now();
      stdout.write(`\n${name}\n`);
      await run(full ? 'full' : 'quick', (line) => stdout.write(`  ${line}\n`));
      stdout.write(`  (${((performance.now() - from) / 1000).toFixed(0)} s)\n`);
    }
    return EXIT.ok;
  },
});

const context: Context = {
  ...openTerminals(),
  ...{ today: new Date().toISOString().slice(0, 10), folder: process.cwd(), environment: process.env },
};
process.exitCode = await command.run(process.argv.slice(2), context);
