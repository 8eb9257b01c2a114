import { folderText, type RunOfLaterDay } from './budget.ts';
import type { QueuePlace } from './queue.ts';
import { type WaitLimit, waitEndsAt } from './queue-events.ts';
import { beginOfDay, dayOf } from './spending.ts';
import type { RunEvent } from './transitions.ts';

export interface DayLimit extends WaitLimit {
  /** How many runs of a folder may start in a day. */
  runsADay: number;
  /** RFC 3339 UTC. */
  now: string;
}

const WHO_RAISES =
  'the administrator of the deployment raises max_folder_runs_a_day (MAX_FOLDER_RUNS_A_DAY).';

/** Its folder has started as many runs as it may in a day; undefined where the run's document says so already. Pure. */
export function heldForDay(
  { run, before }: RunOfLaterDay,
  { runsADay, now, maximumWaitMs }: DayLimit,
): RunEvent | undefined {
  const { queue, reason } = run.status;
  if (!queue) return undefined;
  const goesOnAt = beginOfDay(now, 1 + Math.floor(before / runsADay));
  const endsAt = waitEndsAt(run, { maximumWaitMs });
  const isInTime = goesOnAt < endsAt;
  const { turn: _placesAlone, held: _money, heldForDay: told, ...place } = queue;
  const until = isInTime ? goesOnAt : undefined;
  if (reason === REASON && told?.until === until && told?.runsADay === runsADay) return undefined;
  const next = isInTime
    ? `This one goes on by itself at ${goesOnAt}, when its turn comes.`
    : `This one would go on at ${goesOnAt}, but fails before, at ${endsAt}, when its wait ends.`;
  const remedy = isInTime
    ? `Nothing to do, if that is early enough. For less waiting ${WHO_RAISES}`
    : `Somebody has to act before ${endsAt}: ${WHO_RAISES}`;
  return {
    type: 'Queued',
    reason: REASON,
    message: `${folderText(run)} may start ${runsADay} runs a day (UTC), and those of ${dayOf(now)} have started. ${next} The runs of a folder stay in order; those of other folders pass it by.`,
    remedy: `${remedy} "cancel": true takes the run out of the queue.`,
    status: {
      queue: { ...place, heldForDay: { day: dayOf(now), runsADay, until } } satisfies QueuePlace,
      cost: run.status.cost,
    },
    next: { action: 'admit', at: endsAt },
  };
}

const REASON = 'FolderRunsOfTheDay';
