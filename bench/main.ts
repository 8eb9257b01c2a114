import { parseArgs } from 'node:util';
import { benchBundles } from './bundles.ts';
import { benchDatasetCheck } from './dataset-check.ts';
import { benchPipeline } from './pipeline.ts';
import { benchTuner } from './tuner.ts';

/** `npm run bench [-- NAME...]`: figures of this machine, each beside a reference measured in the same run. */
const BENCHES: Record<string, (write: (line: string) => void) => Promise<void>> = {
  dataset: async (write) => void (await benchDatasetCheck({ megabytes: 200, rounds: 5, print: write })),
  bundles: (write) => benchBundles({ rounds: 10, write }),
  pipeline: (write) => benchPipeline({ starts: 5, drops: 20, write }),
  tuner: (write) => benchTuner({ write }),
};

const { positionals } = parseArgs({ allowPositionals: true });
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
for (const name of names) {
  const bench = BENCHES[name];
  if (!bench) {
    process.stderr.write(`there is no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}\n`);
    process.exit(2);
  }
  process.stdout.write(`\n${name}\n`);
  await bench((line) => process.stdout.write(`  ${line}\n`));
}
