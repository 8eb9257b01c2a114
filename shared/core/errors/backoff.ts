import type { ErrorKind } from './errors.ts';

/** Somebody has to deploy or to grant something, and nobody has to ask every minute meanwhile. */
const SLOWLY = { firstSeconds: 60, maximumSeconds: 900, giveUpSeconds: 24 * 3600 };

/** How long one version of a function may fail over a run before a run ends that can have no job. Milliseconds. */
export const FAILING_MS = SLOWLY.giveUpSeconds * 1000;

/**
 * How long a run waits before it tries again, and when it gives up, by kind of error. Seconds. A service that is away says nothing of the
 * run: it is waited for as long as the deployment lets a run wait.
 */
const BACKOFF = {
  ambiguous: { firstSeconds: 60, maximumSeconds: 900, giveUpSeconds: undefined },
  propagation: { firstSeconds: 60, maximumSeconds: 300, giveUpSeconds: 1800 },
  throttled: { firstSeconds: 300, maximumSeconds: 3600, giveUpSeconds: 24 * 3600 },
  contended: { firstSeconds: 60, maximumSeconds: 900, giveUpSeconds: undefined },
  misconfiguration: SLOWLY,
  defect: SLOWLY,
  unknownAnswer: SLOWLY,
} as const satisfies Partial<
  Record<ErrorKind, { firstSeconds: number; maximumSeconds: number; giveUpSeconds: number | undefined }>
>;

export interface Wait {
  /** Tries so far that came to nothing. */
  attempts: number;
  /** RFC 3339; when the waiting began. */
  since: string;
  /** RFC 3339. */
  now: string;
  /** Multiplies every duration; 1 in production. */
  scale: number;
  /** RFC 3339; until when the deployment lets the run wait. Faults of our own have an end of theirs. */
  endsAt?: string;
}

/** When to try again (RFC 3339 UTC), doubling from try to try; undefined once this kind has been waited for long enough. */
export function nextTryAt(
  kind: ErrorKind,
  { attempts, since, now, scale, endsAt }: Wait,
): string | undefined {
  if (!(kind in BACKOFF)) return undefined;
  const { firstSeconds, maximumSeconds, giveUpSeconds } = BACKOFF[kind as keyof typeof BACKOFF];
  const waitedMs = Date.parse(now) - Date.parse(since);
  const isOver =
    giveUpSeconds === undefined
      ? endsAt !== undefined && now >= endsAt
      : waitedMs >= giveUpSeconds * 1000 * scale;
  if (isOver) return undefined;
  const seconds = Math.min(maximumSeconds, firstSeconds * 2 ** Math.min(attempts, 20));
  return later(now, seconds * 1000 * scale);
}

/** `time` plus so many milliseconds, both RFC 3339 UTC. */
export function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
