import type { Service } from './files.ts';
import type { History } from './history.ts';
import { createScene, fileOf, type Scene, type SceneOptions, settled } from './scene.ts';
import { STEPS } from './steps.ts';

/** One interleaving: what happens, in this order, before everything comes to rest. */
export interface Tape extends SceneOptions {
  service: Service;
  steps: readonly string[];
  /** Who sleeps goes on only when all others have long done their work. */
  isLateWake: boolean;
}

export async function runTape({ steps, service, isLateWake, ...options }: Tape): Promise<History> {
  const scene = createScene(options);
  for (const step of steps) {
    const deed = STEPS[step];
    if (!deed) throw new Error(`there is no step "${step}"`);
    await deed(scene, service);
    await settled();
  }
  await calmDown(scene, isLateWake);
  return ended(scene);
}

/** Seconds between the ticks, often at first; nobody minds how seldom they are once nothing happens. */
const PAUSES = [60, 60, 120, 300, 901, 1_801];
const LAST_PAUSE = 3_601;
/** So long is looked for what nobody told of: an hour for the inbox, and one more before an unwanted job is stopped. */
const LEAST_ROUNDS = 9;
/** More than fourteen days. */
const MOST_ROUNDS = 400;
/** Every lease is over, and short jobs too. */
const LATE = 5;

/** Nothing goes wrong any more, until nothing is left to do. */
async function calmDown(scene: Scene, isLateWake: boolean): Promise<void> {
  scene.gate.planted.length = 0;
  scene.history.calmTime = scene.now();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (round === (isLateWake ? LATE : 0)) await wakeAll(scene);
    await drain(scene);
    await scene.poll(0);
    await drain(scene);
    if (round >= LEAST_ROUNDS && isAtRest(scene)) return;
    scene.pass(PAUSES[round] ?? LAST_PAUSE);
  }
}

async function wakeAll({ gate: { sleepers }, history, now }: Scene): Promise<void> {
  for (let next = sleepers.shift(); next; next = sleepers.shift()) {
    history.wakes.push(now());
    next.wake();
    await settled();
  }
}

const MOST_DELIVERIES = 200;

async function drain(scene: Scene): Promise<void> {
  for (let count = 0; count < MOST_DELIVERIES; count++) {
    const [next] = scene.pending;
    if (!next) return;
    await scene.deliver(next);
    // Refused: it comes again later.
    if (scene.pending[0] === next) return;
  }
}

function isAtRest({ fakes, vertex, pending }: Scene): boolean {
  const isDone = [...fakes.runs.documents.values()].every(({ work }) => work.nextAction === null);
  return (
    isDone && pending.length === 0 && [...vertex.jobs.values()].every(({ endMs }) => endMs !== undefined)
  );
}

function ended({ fakes, vertex, history, now }: Scene): History {
  const { documents } = fakes.runs;
  for (const made of history.jobs) {
    const job = vertex.jobs.get(made.name);
    if (!job) continue;
    made.state = job.state;
    if (job.endMs !== undefined) made.endTime = new Date(job.endMs).toISOString();
  }
  for (const [runId, run] of documents) history.end.files[runId] = fileOf(fakes, run);
  return {
    ...history,
    end: {
      ...history.end,
      time: now(),
      runs: Object.fromEntries(documents),
      texts: [JSON.stringify([...documents.values()]), ...history.end.texts],
    },
  };
}
