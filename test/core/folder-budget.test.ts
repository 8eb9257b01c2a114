import { describe, expect, test } from 'vitest';
import {
  type CappedBudget,
  type FolderMonth,
  heldForBudget,
  holdBack,
} from '../../shared/core/run/budget.ts';
import { type HeldRun, type Outlook, withOutlooks } from '../../shared/core/run/budget-outlook.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aPlan, aRun, NOW } from '../support/runs.ts';

const BUDGET: CappedBudget = { capUsd: 10, unknownPrices: 'hold' };
const DAY_MS = 86_400_000;

/** A run that waits; `usd`: the most that it may cost. */
function waiting(folder: string, usd: number | null, work: Partial<Run['work']> = {}): Run {
  const cost = {
    ...{ trainingTokens: null, price: null, madeOf: 'Hours of eight GPUs.' },
    usd: usd === null ? null : { low: 0, high: usd },
  };
  return aRun({ folder, work, status: { cost, queue: { kind: 'gemini', place: 1 } } });
}
const spent = (spentUsd: number, ...reserved: Run[]): FolderMonth => ({
  ...{ spentUsd, ranToday: 0 },
  reserved: new Set(reserved.map(({ runId }) => runId)),
});

describe('who may go', () => {
  const [a1, a2, b1] = [waiting('a/1', 4), waiting('a/2', 1), waiting('b/1', 9)];
  const back = waiting('a/3', 5, { spending: { month: '2026-03', isSettled: false } });
  const unknown = waiting('a/4', null);
  interface Case {
    name: string;
    line: Run[];
    a?: FolderMonth;
    budget?: CappedBudget;
    lets: Run[];
  }
  test.each<Case>([
    { name: 'everybody, while there is money', line: [a1, a2, b1], a: spent(6), lets: [a1, a2, b1] },
    { name: 'the other folder, where one has none left', line: [a1, a2, b1], a: spent(9.5), lets: [b1] },
    { name: 'not a cheap one that came after one that is held', line: [a1, a2], a: spent(8), lets: [] },
    { name: 'one that is in the sums already', line: [a1, a2], a: spent(12, a1), lets: [a1] },
    {
      ...{ name: 'one that came back for want of quota, also behind one that is held', a: spent(8) },
      ...{ line: [a1, back], lets: [back] },
    },
    { name: 'nobody of whom nobody knows what it costs', line: [unknown], lets: [] },
    {
      ...{ name: 'but where the deployment allows it', budget: { ...BUDGET, unknownPrices: 'allow' } },
      ...{ line: [unknown], lets: [unknown] },
    },
  ])('$name', ({ line, a = spent(0), budget = BUDGET, lets }) => {
    const months = new Map([
      ['a', a],
      ['b', spent(0)],
    ]);
    const { passing, held } = holdBack({ line, months, budget });
    expect(passing).toEqual(lets);
    expect(held).toEqual(line.filter((run) => !lets.includes(run)));
  });
});

describe('when a held run goes on', () => {
  const [a4, a3, a7, b4] = [waiting('a/1', 4), waiting('a/2', 3), waiting('a/3', 7), waiting('b/1', 4)];
  const [above, unknown] = [waiting('a/4', 11), waiting('a/5', null)];
  const next = { monthsAhead: 1 };
  const never = { monthsAhead: undefined };
  test.each<{ name: string; held: Run[]; outlooks: Outlook[] }>([
    { name: 'when the next month begins', held: [a4], outlooks: [next] },
    { name: 'together with those that fit beside it', held: [a4, a3, b4], outlooks: [next, next, next] },
    {
      ...{ name: 'a month after those of its folder that take the next one, and so on', held: [a4, a7, a4] },
      outlooks: [next, { monthsAhead: 2 }, { monthsAhead: 3 }],
    },
    { name: 'never, where it alone is above the cap', held: [above], outlooks: [never] },
    {
      ...{ name: 'never behind one that never does, and whoever came before it', held: [a4, above, a3, b4] },
      outlooks: [next, never, { ...never, behind: above }, next],
    },
    {
      ...{ name: 'never behind one whose cost nobody knows', held: [unknown, a3, above] },
      outlooks: [never, { ...never, behind: unknown }, { ...never, behind: unknown }],
    },
  ])('$name', ({ held, outlooks }) => {
    expect(withOutlooks(held, BUDGET).map(({ outlook }) => outlook)).toEqual(outlooks);
  });
});

describe('what a held run says', () => {
  const first = (run: Run): HeldRun => withOutlooks([run], BUDGET)[0] ?? expect.fail();
  const hold = { budget: BUDGET, spentUsd: 9.5, now: NOW, maximumWaitMs: 40 * DAY_MS };

  test('how much is spent, what it would add, when it goes on, and who can let it go', () => {
    const event = heldForBudget(first(waiting('a/1', 4)), hold);
    expect(event).toMatchObject({
      ...{ type: 'Queued', reason: 'FolderBudgetSpent', next: { action: 'admit' } },
      message:
        'The folder a may spend 10.00 USD a month; 9.50 USD of 2026-03 are spent or reserved, and this run would add up to 4.00 USD. It goes on by itself at 2026-04-01T00:00:00.000Z, when the next month begins, or earlier, if other runs cost less than expected. The runs of a folder stay in order; those of other folders pass it by.',
      remedy:
        'Nothing to do, if that is early enough. For less waiting the administrator of the deployment raises max_folder_usd_a_month (MAX_FOLDER_USD_A_MONTH). "cancel": true takes the run out of the queue.',
    });
    expect(event?.status?.queue).toEqual({
      ...{ kind: 'gemini', place: 1 },
      held: {
        ...{ month: '2026-03', spentUsd: 9.5, capUsd: 10, addsUsd: 4 },
        until: '2026-04-01T00:00:00.000Z',
      },
    });
  });

  test('that somebody has to act, where its wait ends before the month that has room for it begins', () => {
    const { message, remedy, status } =
      heldForBudget(first(waiting('a/1', 4)), { ...hold, maximumWaitMs: 14 * DAY_MS }) ?? {};
    expect(message).toContain(
      'It would go on at 2026-04-01T00:00:00.000Z, when the next month begins, but fails before, at 2026-03-15T12:00:00.000Z, when its wait ends',
    );
    expect(remedy).toBe(
      'Somebody has to act before 2026-03-15T12:00:00.000Z: the administrator of the deployment raises max_folder_usd_a_month (MAX_FOLDER_USD_A_MONTH). Or upload the manifest again once 2026-04 has begun. "cancel": true takes the run out of the queue. Until 2026-03-15T12:00:00.000Z the run waits, as MAX_WAIT_DAYS says.',
    );
    expect(status?.queue?.held?.until).toBeUndefined();
  });

  test('that it never fits, where it alone is above the cap', () => {
    const { message, remedy, status } = heldForBudget(first(waiting('a/1', 11)), hold) ?? {};
    expect(message).toContain('does not go on by itself');
    expect(remedy).toContain('Upload a manifest that costs less');
    expect(status?.queue?.held?.until).toBeUndefined();
  });

  test('behind which run it waits, where that does not go on by itself', () => {
    const above = waiting('a/0', 11);
    const [, behind] = withOutlooks([above, waiting('a/1', 1)], BUDGET);
    const event = heldForBudget(behind ?? expect.fail(), { ...hold, spentUsd: 0 });
    expect(event).toMatchObject({
      reason: 'BehindHeldRun',
      message: `The folder a may spend 10.00 USD a month; 0.00 USD of 2026-03 are spent or reserved, and this run would add up to 1.00 USD. It waits behind gs://inbox/a/0/tune.json (runs/${above.runId}), which was uploaded before it and does not go on by itself, so that this one does not either: the runs of a folder stay in order. Those of other folders pass it by.`,
      remedy: expect.stringContaining(
        'Nobody waits for it longer than until 2026-04-10T12:00:00.000Z, when its wait ends.',
      ),
    });
    expect(event?.status?.queue?.held).toMatchObject({ until: undefined, behind: `runs/${above.runId}` });
  });

  test.each([
    {
      unknown: 'price',
      who: 'gives gemini-3.5-flash-lite a price (MODEL_PRICES), or lets runs go whose cost is not known (UNKNOWN_PRICES: allow).',
    },
    { unknown: 'acceleratorHours', who: 'lets runs go whose cost is not known (UNKNOWN_PRICES: allow).' },
    { unknown: 'files', who: 'lets runs go whose cost is not known (UNKNOWN_PRICES: allow).' },
    { unknown: 'notCounted', who: 'lets runs go whose cost is not known (UNKNOWN_PRICES: allow).' },
  ] as const)('that nobody knows its cost ($unknown), and what helps', ({ unknown, who }) => {
    const run = waiting('', null);
    const plan = { ...aPlan(), baseModel: 'gemini-3.5-flash-lite' };
    const cost = { trainingTokens: null, price: null, usd: null, unknown, madeOf: 'Of what it is made.' };
    const unpriced = { ...run, spec: { ...run.spec, plan }, status: { ...run.status, cost } };
    const { reason, message, remedy } = heldForBudget(first(unpriced), hold) ?? {};
    expect(reason).toBe('CostUnknownUnderBudget');
    expect(message).toContain('Of what it is made.');
    expect(remedy).toContain(`The administrator of the deployment ${who}`);
  });

  test('nothing new in the same month under the same cap', () => {
    const run = waiting('a/1', 4);
    const event = heldForBudget(first(run), hold);
    const told: Run = {
      ...run,
      status: { ...run.status, reason: event?.reason ?? '', queue: event?.status?.queue },
    };
    expect(heldForBudget(first(told), { ...hold, spentUsd: 9.7 })).toBeUndefined();
    expect(heldForBudget(first(told), { ...hold, budget: { ...BUDGET, capUsd: 12 } })).toBeDefined();
    expect(heldForBudget(first(told), { ...hold, now: '2026-04-01T00:00:30.000Z' })).toBeDefined();
  });
});
