import { beforeEach, describe, expect, test } from 'vitest';
import type { FinishedJob } from '../../shared/core/tuning/duration.ts';
import type { JobDurations } from '../../shared/ports.ts';

export interface DurationsUnderTest {
  durations: JobDurations;
}

const aJob = (number: number): FinishedJob => ({
  ...{ runId: `r${number}`, setup: 'supervised', seconds: 60 + number },
  amount: { unit: 'tokens', count: 1000 },
  endTime: new Date(Date.UTC(2026, 2, 1) + number * 1000).toISOString(),
});

/** What is kept of how long jobs took, whatever keeps it. */
export function durationsContract(name: string, connect: () => Promise<DurationsUnderTest>): void {
  describe(`durations: ${name}`, () => {
    let durations: JobDurations;
    let serial = Date.now();
    beforeEach(async () => {
      ({ durations } = await connect());
    });

    test('are those of a base model, whose name may have a slash, each run once', async () => {
      const model = `google/gemma3@${serial++}`;
      expect(await durations.of(model)).toEqual([]);
      await durations.add(model, aJob(1));
      await durations.add(model, aJob(2));
      await durations.add(model, aJob(1));
      expect(await durations.of(model)).toEqual([aJob(2), aJob(1)]);
      expect(await durations.of(`${model}-other`)).toEqual([]);
    });

    test('are the latest fifty', async () => {
      const model = `gemini-${serial++}`;
      const numbers = Array.from({ length: 52 }, (_, index) => index);
      await Promise.all(numbers.map((number) => durations.add(model, aJob(number))));
      const latest = await durations.of(model);
      expect([latest.length, latest[0]?.runId, latest.at(-1)?.runId]).toEqual([50, 'r51', 'r2']);
    });
  });
}
