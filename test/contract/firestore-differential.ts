import { expect } from 'vitest';
import { createRandom, randomStep, type Step } from './firestore-random.ts';
import { connectRaw } from './firestore-raw.ts';
import type { FirestoreUnderTest } from './firestore-suite.ts';

interface Comparison {
  start: [() => Promise<FirestoreUnderTest>, () => Promise<FirestoreUnderTest>];
  seed: number;
  steps: number;
  /** Stops early, so that a slow machine compares less rather than fails. */
  budgetMs: number;
}

/** Takes the same random steps on two servers and expects the same answers; of a refusal, the same code. */
export async function compareServers({ start, seed, steps, budgetMs }: Comparison): Promise<void> {
  const servers = await Promise.all(start.map((each) => each()));
  const sides = servers.map(createSide);
  const random = createRandom(seed);
  const deadline = performance.now() + budgetMs;
  let taken = 0;
  try {
    for (; taken < steps && performance.now() < deadline; taken++) {
      const step = randomStep(random);
      const [ours, theirs] = await Promise.all(sides.map((side) => side.take(step)));
      expect({ step: step.text, answer: ours }).toStrictEqual({ step: step.text, answer: theirs });
    }
  } finally {
    for (const side of sides) await side.close();
    for (const server of servers) await server.stop();
  }
  console.log(`compared ${taken} random steps (seed ${seed})`);
  expect(taken).toBeGreaterThan(0);
}

function createSide(server: FirestoreUnderTest) {
  const db = server.connect();
  const collection = db.collection('random');
  const raw = connectRaw(server.address);
  return {
    async take(step: Step): Promise<unknown> {
      if ('query' in step) {
        const answer = await raw.run(step.query(collection));
        return 'code' in answer ? { code: answer.code } : answer;
      }
      return step.write(collection).then(
        () => 'written',
        (error: { code: number }) => ({ code: error.code }),
      );
    },
    async close() {
      raw.close();
      await db.terminate();
    },
  };
}
