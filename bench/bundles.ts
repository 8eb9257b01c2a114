import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cloud, startCloud } from '../local/cloud.ts';
import { packFunctions } from '../scripts/build.ts';
import { type ColdStart, coldStart, type FirstEvent, type Start } from './cold-start.ts';
import { startBareNode, summarise, type WriteLine } from './timing.ts';

/** What bundling and the compile cache give: size, cold start, memory of every function, beside the same from its sources. */

export interface BundlesSize {
  /** Starts of each function in each way. */
  rounds: number;
}

const NO_RUN = `r${'a'.repeat(40)}`;

const aMessage = (): FirstEvent => ({
  signature: 'cloudevent',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  data: { message: { data: Buffer.from(JSON.stringify({ runId: NO_RUN })).toString('base64') } },
});

/** An event that every function answers after one question to Firestore. */
const FIRST_EVENTS: Record<string, (cloud: Cloud) => FirstEvent> = {
  validate: ({ buckets }) => ({
    signature: 'cloudevent',
    type: 'google.cloud.storage.object.v1.finalized',
    data: { bucket: buckets.inbox, name: 'bench/train.jsonl', generation: '1', size: '1' },
  }),
  submit: aMessage,
  evaluate: aMessage,
  poll: () => ({ signature: 'http' }),
};

export async function benchBundles({ rounds }: BundlesSize, write: WriteLine): Promise<void> {
  const packages = await packFunctions();
  const dataDir = mkdtempSync(join(tmpdir(), 'bundles-bench-'));
  const cloud = await startCloud({ dataDir, log: () => {}, trainer: 'stand-in' });
  try {
    for (const { name, archive, archiveBytes, bundleBytes } of packages) {
      const event = FIRST_EVENTS[name]?.(cloud);
      if (!event) throw new Error(`say in bench/bundles.ts which event ${name} answers first`);
      const mapBytes = statSync(join(archive.replace(/\.zip$/, ''), 'index.js.map')).size;
      write(`${name}: bundle ${mb(bundleBytes)}, source map ${mb(mapBytes)}, zip ${mb(archiveBytes)}`);
      const bundle = archive.replace(/\.zip$/, '');
      const source = fileURLToPath(new URL(`../functions/${name}/index.ts`, import.meta.url));
      const environment = environmentOf(cloud);
      const ways = waysOf({ name, event, environment, source }, { bundle, dataDir });
      report(await takeTurns(ways, rounds), write);
    }
  } finally {
    await cloud.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** The first is what the others are compared with. */
function waysOf(
  fromSources: ColdStart,
  { bundle, dataDir }: { bundle: string; dataDir: string },
): Record<string, ColdStart> {
  const fromBundle = { ...fromSources, source: bundle };
  const cached = (start: ColdStart, kind: string): ColdStart => {
    const folder = join(dataDir, 'compile-cache', start.name, kind);
    mkdirSync(folder, { recursive: true });
    return { ...start, environment: { ...start.environment, NODE_COMPILE_CACHE: folder } };
  };
  return {
    sources: fromSources,
    'sources, compile cache': cached(fromSources, 'sources'),
    bundle: fromBundle,
    'bundle, compile cache': cached(fromBundle, 'bundle'),
  };
}

interface Turns {
  /** Milliseconds of a Node with nothing to do, between the others. */
  bare: number[];
  starts: Record<string, Start[]>;
}

/** One start of each before the rounds, which fills the compile caches; then they take turns. */
async function takeTurns(ways: Record<string, ColdStart>, rounds: number): Promise<Turns> {
  const bare: number[] = [];
  const starts = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as Start[]]));
  for (let round = 0; round <= rounds; round++) {
    const from = performance.now();
    await startBareNode();
    bare.push(performance.now() - from);
    for (const [way, what] of Object.entries(ways)) {
      const start = await coldStart(what);
      if (round > 0) starts[way]?.push(start);
    }
  }
  return { bare, starts };
}

function report({ bare, starts }: Turns, write: WriteLine): void {
  const bareMs = summarise(bare).median;
  const rows = Object.entries(starts).map(([way, list]) => ({
    way,
    ms: summarise(list.map(({ ms }) => ms)).median,
    residentMb: summarise(list.map(({ residentMb }) => residentMb)).median,
    count: list.length,
  }));
  const reference = rows[0];
  for (const { way, ms, residentMb, count } of rows) {
    const speed = `${ms.toFixed(0).padStart(5)} ms = ${(ms / (reference?.ms ?? ms)).toFixed(2)} x, ${(ms / bareMs).toFixed(1)} x bare Node`;
    const memory = `${residentMb.toFixed(0).padStart(4)} MB = ${(residentMb / (reference?.residentMb ?? residentMb)).toFixed(2)} x`;
    write(`  ${way.padEnd(22)} first answer after ${speed}, resident ${memory} (median of ${count})`);
  }
}

function environmentOf({ clientEnvironment, buckets }: Cloud): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    ...clientEnvironment,
    INBOX_BUCKET: buckets.inbox ?? '',
    RESULTS_BUCKET: buckets.results ?? '',
  };
}
