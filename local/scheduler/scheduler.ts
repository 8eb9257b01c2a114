import type { Clock, Timer } from '../clock.ts';
import { post } from '../delivery/post.ts';
import { FaultMet, type FaultScript } from '../faults.ts';

export interface Job {
  name: string;
  /** Where the function listens. */
  url: string;
  /** Stands for the cron schedule; starts are on multiples of it, as cron's are. */
  intervalMs: number;
  /** An execution without an answer within this time has failed, though the function may still be at work. */
  attemptDeadlineMs: number;
}

export interface SchedulerOptions {
  clock: Clock;
  /** Asked for `Run` once per execution. */
  faults: FaultScript;
  log: (line: string) => void;
}

/** Cloud Scheduler with HTTP targets and no retries (`retry_count` 0, its default): the next tick is the retry. */
export interface Scheduler {
  /** Starts the job or changes it; a job under way finishes as it was. */
  declareJob(job: Job): void;
  /** Runs the job now, after the execution in hand if there is one; resolves with whether the answer was 2xx. */
  runNow(name: string): Promise<boolean>;
  /** Resolves once no execution is outstanding. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface JobState {
  job: Job;
  timer: Timer | undefined;
  /** The last execution to be started or waiting to start. */
  last: Promise<boolean> | undefined;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock } = options;
  const states = new Map<string, JobState>();
  const closing = new AbortController();

  /** Never two outstanding executions of one job (google/cloud/scheduler/v1/job.proto): a start waits for the one before. */
  function start(state: JobState, scheduleMs: number): Promise<boolean> {
    const before = state.last;
    const run = async () => {
      await before;
      return closing.signal.aborted
        ? false
        : execute(options, state.job, { scheduleMs, signal: closing.signal });
    };
    const execution = run().finally(() => {
      if (state.last === execution) state.last = undefined;
    });
    state.last = execution;
    return execution;
  }

  /** A tick that falls into an execution starts when that ends (job.proto); several such ticks are one start. */
  function sleepUntilTick(state: JobState, lastTickMs: number): void {
    const { intervalMs, name } = state.job;
    const latestMs = Math.floor(clock.now() / intervalMs) * intervalMs;
    const tickMs = latestMs > lastTickMs ? latestMs : latestMs + intervalMs;
    state.timer = clock.after(Math.max(0, tickMs - clock.now()), async () => {
      await start(state, tickMs);
      if (!closing.signal.aborted && states.get(name) === state) sleepUntilTick(state, tickMs);
    });
  }

  return {
    declareJob(job) {
      const earlier = states.get(job.name);
      earlier?.timer?.cancel();
      const state: JobState = { job, timer: undefined, last: earlier?.last };
      states.set(job.name, state);
      sleepUntilTick(state, clock.now());
    },
    async runNow(name) {
      const state = states.get(name);
      if (!state) throw new Error(`no scheduler job ${name}; declared: ${[...states.keys()].join(', ')}`);
      return start(state, clock.now());
    },
    async idle() {
      await Promise.all([...states.values()].map(({ last }) => last));
    },
    async close() {
      closing.abort();
      for (const { timer, last } of states.values()) {
        timer?.cancel();
        await last;
      }
    },
  };
}

/** True when the answer is a success; what goes wrong is in the log. */
async function execute(
  { clock, faults, log }: SchedulerOptions,
  job: Job,
  { scheduleMs, signal }: { scheduleMs: number; signal: AbortSignal },
): Promise<boolean> {
  const { url, attemptDeadlineMs: deadlineMs } = job;
  const run = () => post({ url, ...encodeRun(job, scheduleMs), deadlineMs, clock, signal });
  try {
    const status = await faults.attend({ method: 'Run', target: job.name }, run);
    const succeeded = status >= 200 && status < 300;
    if (!succeeded) log(`job ${job.name}: status ${status}`);
    return succeeded;
  } catch (error) {
    if (!signal.aborted && !(error instanceof FaultMet)) log(`job ${job.name}: ${String(error)}`);
    return false;
  }
}

/** The headers of docs.cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#HttpTarget. The body is ours: functions-framework 5 answers 500 to a request that has none. */
function encodeRun({ name }: Job, scheduleMs: number) {
  return {
    headers: {
      'user-agent': 'Google-Cloud-Scheduler',
      'content-type': 'application/json',
      'x-cloudscheduler': 'true',
      'x-cloudscheduler-jobname': name,
      'x-cloudscheduler-scheduletime': new Date(scheduleMs).toISOString(),
    },
    body: Buffer.from('{}'),
  };
}
