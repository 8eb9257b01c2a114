import { expect, test } from 'vitest';
import { startHarness } from './vertex-harness.ts';

test('more jobs than may be created in a minute are refused with 429, and taken a minute later', async () => {
  const { create, clock } = await startHarness({ createsPerMinute: 2 });
  const statuses = async (...ids: string[]) => {
    const found: number[] = [];
    for (const id of ids) found.push((await create(id)).status);
    return found;
  };
  expect(await statuses('one', 'two', 'three')).toEqual([200, 200, 429]);
  await clock.advance(59_000);
  expect(await statuses('three')).toEqual([429]);
  await clock.advance(1000);
  expect(await statuses('three', 'four', 'five')).toEqual([200, 200, 429]);
});
