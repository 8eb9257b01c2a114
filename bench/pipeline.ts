import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '../cli/start/stack.ts';
import type { Run } from '../shared/core/run/run.ts';
import { startBareNode, summarise, type Timings, timingLine, type WriteLine } from './timing.ts';

export interface PipelineSize {
  /** Starts of the whole cloud. */
  starts: number;
  /** Folders that are dropped, one after the other. */
  drops: number;
}

/** Start-up of the whole cloud with its functions, and the time from a dropped folder to a run that says SUBMITTED. */
export async function benchPipeline({ starts, drops }: PipelineSize, write: WriteLine): Promise<void> {
  const bare = await timeEach(starts, startBareNode);
  const startTimes: number[] = [];
  for (let round = 0; round < starts; round++) {
    await withStack(async (_stack, startMs) => void startTimes.push(startMs));
  }
  const reference = { name: 'starting node with nothing in it', timings: bare };
  write(timingLine('start-up (services and functions)', summarise(startTimes), reference));

  await withStack(async (stack) => {
    const listener = await timeEach(drops, () => writeAndHear(stack));
    await dropUntilSubmitted(stack, 'warm-up');
    const times: number[] = [];
    for (let round = 0; round < drops; round++) times.push(await dropUntilSubmitted(stack, `drop-${round}`));
    write(
      timingLine(
        'folder dropped to SUBMITTED seen by a listener (one copied by hand waits 120 ms more)',
        summarise(times),
        {
          name: 'a Firestore write seen by a listener',
          timings: listener,
        },
      ),
    );
  });
}

async function withStack(work: (stack: Stack, startMs: number) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunedrop-bench-'));
  const from = performance.now();
  const stack = await startStack({ trainer: 'stand-in', dataDir, taskMs: 60_000 });
  try {
    await work(stack, performance.now() - from);
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function timeEach(count: number, work: () => Promise<void>): Promise<Timings> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return summarise(times);
}

let serial = 0;

function writeAndHear({ firestore }: Stack): Promise<void> {
  const document = firestore.doc(`bench/${serial++}`);
  return new Promise((resolve, reject) => {
    const stop = document.onSnapshot((snapshot) => {
      if (!snapshot.exists) void document.set({ at: 1 }).catch(reject);
      else {
        stop();
        resolve();
      }
    }, reject);
  });
}

function dropUntilSubmitted(stack: Stack, name: string): Promise<number> {
  return new Promise((resolve) => {
    const from = performance.now();
    const stop = stack.watch((run: Run) => {
      if (run.status.state !== 'SUBMITTED' || !run.spec.source.name.startsWith(`${name}/`)) return;
      stop();
      resolve(performance.now() - from);
    });
    void stack.drop('examples/text-bison', name);
  });
}
