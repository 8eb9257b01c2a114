import { firstCauseOf } from './origin.ts';

/**
 * Errors: something wrong in an operation, as opposed to an issue in the user's data.
 * Whether and when one is worth another try follows from this table alone, never from the place that throws.
 */
export const ERROR_KINDS = {
  /** Nobody knows whether it took effect: time-outs, resets, 5xx. Trying again must be harmless. */
  ambiguous: { retry: 'soon' },
  /** Too many requests, or a quota is used up. */
  throttled: { retry: 'soon' },
  /** A permission or resource that Google Cloud has yet to make known everywhere. */
  propagation: { retry: 'soon' },
  /** Somebody else holds what we wanted to change; what they do makes our work unnecessary or due later. */
  contended: { retry: 'soon' },
  /** The deployment lacks a permission, a database or a topic, without which no document can say so. */
  misconfiguration: { retry: 'slowly' },
  /** A mistake in our own code. */
  defect: { retry: 'slowly' },
  /** An answer of Google's that our schema does not know. */
  unknownAnswer: { retry: 'slowly' },
  /** Something that an administrator of the project has to fix; the run that met it says so. */
  environment: { retry: 'never' },
  /** The request itself is wrong, and will be tomorrow. */
  permanent: { retry: 'never' },
} as const satisfies Record<string, { retry: Retry }>;

/**
 * `soon`: it may pass in seconds or minutes. `slowly`: somebody has to deploy or to grant something, and the run is not to
 * blame, so that it waits. `never`: another try meets the same.
 */
export type Retry = 'soon' | 'slowly' | 'never';

export type ErrorKind = keyof typeof ERROR_KINDS;

export interface TuneErrorDetails {
  /** CamelCase, as it stands in `status.reason`. */
  reason: string;
  /** What a person should do. */
  remedy?: string | undefined;
  /** HTTP status of the answer, where there was one. */
  httpStatus?: number | undefined;
  /** What was thrown first; the log shows its stack. */
  cause?: unknown;
}

/** The one error class. `message` is a sentence for people and carries no example of the user's data. */
export class TuneError extends Error {
  readonly kind: ErrorKind;
  readonly reason: string;
  readonly remedy: string | undefined;
  readonly httpStatus: number | undefined;

  constructor(kind: ErrorKind, message: string, details: TuneErrorDetails) {
    super(message, { cause: details.cause });
    this.name = 'TuneError';
    this.kind = kind;
    this.reason = details.reason;
    this.remedy = details.remedy;
    this.httpStatus = details.httpStatus;
  }

  get retry(): Retry {
    return ERROR_KINDS[this.kind].retry;
  }

  get retryable(): boolean {
    return this.retry !== 'never';
  }
}

/** What the language throws where code is wrong. */
const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError, URIError, EvalError];

/**
 * Whether our own code is to blame, by what was thrown first: clients put errors of theirs around it, and Node's fetch has a
 * TypeError for a lost connection, whose cause is what the system says.
 */
export function isMistake(thrown: unknown): boolean {
  const first = firstCauseOf(thrown);
  return MISTAKES.some((one) => first instanceof one);
}

/** Any thrown value as a TuneError. What nobody classified, and is no mistake of ours, counts as ambiguous. */
export function asTuneError(thrown: unknown): TuneError {
  if (thrown instanceof TuneError) return thrown;
  if (!(thrown instanceof Error)) {
    return new TuneError('ambiguous', String(thrown), { reason: 'Unexpected', cause: thrown });
  }
  const error = isMistake(thrown)
    ? new TuneError('defect', `${firstCauseOf(thrown)}`, { reason: 'Defect', cause: thrown })
    : new TuneError('ambiguous', thrown.message, { reason: 'Unexpected', cause: thrown });
  if (thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}
