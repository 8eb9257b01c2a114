import fc from 'fast-check';
import { violationsOf } from './checker.ts';
import type { Service } from './files.ts';
import type { History } from './history.ts';
import { runTape, type Tape } from './run-tape.ts';
import { GROUPS } from './steps.ts';
import type { Variant } from './variant.ts';

/** Interleavings of one test file. All files together run MODEL_RUNS of them. */
export function shareOfRuns(parts: number): number {
  return Math.ceil(Number(process.env.MODEL_RUNS ?? 20_000) / parts);
}

const step = fc.oneof(
  ...GROUPS.map(({ weight, steps }) => ({ weight, arbitrary: fc.constantFrom(...steps) })),
);

/** Half of all begin with a run that is under way, so that not all of a tape is spent on getting there. */
const BEGINNINGS: readonly (readonly string[])[] = [
  [],
  ['drop a', 'deliver first'],
  ['drop a', 'deliver first', 'deliver first'],
  ['drop a', 'next backend.create lost after 0', 'deliver first', 'deliver first'],
  ['drop a', 'next backend.create sleeps after 0', 'deliver first', 'deliver first', 'lease'],
  ['drop a', 'next backend.create diesAfter after 0', 'deliver first', 'deliver first'],
  ['drop a', 'next objects.read sleeps after 0', 'deliver first', 'lease'],
  [
    'drop a',
    'deliver first',
    'next backend.create sleeps after 0',
    'deliver first',
    'cancel a',
    'deliver last',
  ],
  ['drop a', 'cancel a', 'next runs.listActiveOf sleepsAfter after 0', 'deliver all'],
];

function tapesOf({ service, fixed, beginning }: Campaign): fc.Arbitrary<Tape> {
  return fc
    .record({
      first: fc.constantFrom(...(beginning ? [beginning] : BEGINNINGS)),
      more: fc.array(step, { maxLength: 10 }),
      lagSeconds: service === 'tuningJobs' ? fc.constantFrom(0, 0, 60, 290, 700) : fc.constant(0),
      tuningSeconds: fc.constantFrom(1_200, 10_800, 21_600),
      isLateWake: fc.boolean(),
      maxActiveJobs: fc.constantFrom(undefined, undefined, undefined, 1),
      quota: fc.constantFrom(undefined, undefined, undefined, 1),
    })
    .map(({ first, more, ...rest }) => ({ service, steps: [...first, ...more], ...rest, ...fixed }));
}

/** How often the hard cases were met. */
export type Seen = Record<(typeof HARD)[number], number>;
const HARD = [
  ...['tapes', 'jobs', 'secondJobs', 'deathsBeforeRecord', 'takeovers', 'wokenAfterEnd', 'foundByAudit'],
  ...['cancelled', 'faults', 'otherJobs'],
] as const;

function count(seen: Seen, history: History): void {
  seen.tapes += 1;
  seen.jobs += history.jobs.length;
  seen.faults += history.faults.length;
  const perRun = Map.groupBy(history.jobs, ({ runId }) => runId);
  if ([...perRun.values()].some((jobs) => jobs.length > 1)) seen.secondJobs += 1;
  if (history.faults.some(({ planted }) => planted.startsWith('diesAfter'))) seen.deathsBeforeRecord += 1;
  const runs = Object.values(history.end.runs);
  if (runs.some(({ work }) => work.epoch > 2)) seen.takeovers += 1;
  if (runs.some(({ status }) => status.otherJobs)) seen.otherJobs += 1;
  if (runs.some(({ status }) => status.state === 'CANCELLED')) seen.cancelled += 1;
  const lastWake = history.wakes.at(-1) ?? '';
  if (runs.some(({ status: { endTime } }) => endTime !== undefined && endTime < lastWake))
    seen.wokenAfterEnd += 1;
  if (history.documents.some(({ run }) => run.status.reason === 'ManifestFound')) seen.foundByAudit += 1;
}

export interface Campaign {
  service: Service;
  runs: number;
  seed: number;
  variant?: Variant | undefined;
  fixed?: Partial<Tape> | undefined;
  /** How every interleaving begins. */
  beginning?: readonly string[] | undefined;
  /** Whether the shortest interleaving is looked for; that takes a while. */
  isShrunk?: boolean;
}

export interface Outcome {
  seen: Seen;
  /** The shortest interleaving that breaks a promise, and after how many the first was found. */
  broken?: { tape: Tape; violations: string[]; after: number } | undefined;
}

/** Runs so many interleavings, and stops at the first that breaks a promise. */
export async function runCampaign(campaign: Campaign): Promise<Outcome> {
  const { runs, seed, variant, isShrunk = true } = campaign;
  const seen = Object.fromEntries(HARD.map((name) => [name, 0])) as Seen;
  const violations = async (tape: Tape) => {
    const history = await runTape({ ...tape, variant });
    return { history, found: violationsOf(history).map(({ invariant, what }) => `${invariant}: ${what}`) };
  };
  const details = await fc.check(
    fc.asyncProperty(tapesOf(campaign), async (tape) => {
      const { history, found } = await violations(tape);
      count(seen, history);
      return found.length === 0;
    }),
    { numRuns: runs, seed, endOnFailure: !isShrunk },
  );
  if (!details.failed) return { seen };
  const [tape] = details.counterexample ?? [];
  if (!tape) throw new Error(`interrupted: ${details.errorInstance}`);
  return {
    seen,
    broken: { tape, violations: (await violations(tape)).found, after: details.numRuns },
  };
}
