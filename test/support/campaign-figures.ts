import type { CallHistory, RecordedCall } from '../../local/call-history.ts';

/** What a campaign was, counted. */
export interface CampaignFigures {
  drops: number;
  valid: number;
  /** How many runs ended in each state. */
  ends: Record<string, number>;
  /** Drops without a run that has ended. */
  lost: number;
  jobs: number;
  /** Jobs beyond the first of a run. */
  doubleJobs: number;
  kills: number;
  duplicatedEvents: number;
  overlappingPolls: number;
  /** Which services were stalled, and for how long. */
  stalls: string[];
  seconds: number;
  dropsPerSecond: number;
  /** Creates that Vertex AI refused with 429. */
  refusedCreates: number;
  /** Peak of resident memory in MiB of any process of the function, and what it is deployed with. */
  memory: Record<string, { peakMib: number; deployedMib: number }>;
  /** The document that was written most often within ten seconds. */
  hottest: { document: string; writesPerSecond: number };
}

const RUN_ID = /\br[a-z2-7]{40}/g;

/** How many jobs were made for each run; a job names its run. */
export function jobsOfRuns(jobs: readonly object[], runIds: readonly string[]): Map<string, number> {
  const counts = new Map(runIds.map((runId) => [runId, 0]));
  for (const job of jobs) {
    for (const named of new Set(JSON.stringify(job).match(RUN_ID))) {
      const count = counts.get(named);
      if (count !== undefined) counts.set(named, count + 1);
    }
  }
  return counts;
}

const WINDOW_MS = 10_000;

/** What the calls of a campaign say. */
export interface CallFigures
  extends Pick<CampaignFigures, 'duplicatedEvents' | 'refusedCreates' | 'hottest'> {}

/** Counts calls as they are made: a history keeps only the latest, and a campaign may make more. */
export function createCallCounts(history: Pick<CallHistory, 'since'>) {
  const windows = new Map<string, number>();
  const figures: CallFigures = {
    ...{ duplicatedEvents: 0, refusedCreates: 0 },
    hottest: { document: '', writesPerSecond: 0 },
  };
  let seen = 0;
  let open: RecordedCall[] = [];
  const countCommit = ({ target, startedMs }: RecordedCall) => {
    // A transaction that only reads is committed too.
    for (const document of new Set(target.split(' ').filter((name) => name !== ''))) {
      const key = `${document} ${Math.floor(startedMs / WINDOW_MS)}`;
      const writes = (windows.get(key) ?? 0) + 1;
      windows.set(key, writes);
      const writesPerSecond = writes / (WINDOW_MS / 1000);
      if (writesPerSecond <= figures.hottest.writesPerSecond) continue;
      figures.hottest = { document: document.replace(/^.*\/documents\//, ''), writesPerSecond };
    }
  };
  return {
    /** What has been answered so far. */
    count(): CallFigures {
      const calls = [...open, ...history.since(seen)];
      seen = Math.max(seen, calls.at(-1)?.order ?? 0);
      open = calls.filter(({ outcome }) => outcome === 'open');
      for (const call of calls) {
        if (call.outcome === 'duplicate') figures.duplicatedEvents += 1;
        if (call.outcome === 'refused 429' && call.method.endsWith('.create')) figures.refusedCreates += 1;
        if (call.outcome === 'ok' && call.method === 'Commit') countCommit(call);
      }
      return figures;
    },
  };
}

export function figuresText(title: string, figures: CampaignFigures): string {
  const { ends, memory, stalls, hottest, seconds, dropsPerSecond, ...counts } = figures;
  const lines = [
    ...Object.entries(counts).map(([name, count]) => `${name}: ${count}`),
    `ends: ${Object.entries(ends)
      .map(([state, count]) => `${state} ${count}`)
      .join(', ')}`,
    `stalled: ${stalls.join(', ') || 'nothing'}`,
    `time: ${seconds.toFixed(0)} s, ${dropsPerSecond.toFixed(2)} drops a second`,
    ...Object.entries(memory).map(
      ([name, { peakMib, deployedMib }]) => `memory of ${name}: ${peakMib.toFixed(0)} of ${deployedMib} MiB`,
    ),
    `hottest document: ${hottest.document}, ${hottest.writesPerSecond.toFixed(1)} writes a second over ten seconds`,
  ];
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
