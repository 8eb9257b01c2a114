/**
 * Errors: something wrong in an operation, as opposed to an issue in the user's data.
 * Whether one is worth another try follows from this table alone, never from the place that throws.
 */
export const ERROR_KINDS = {
  /** Nobody knows whether it took effect: time-outs, resets, 5xx. Trying again must be harmless. */
  ambiguous: { retryable: true },
  /** Too many requests, or a quota is used up. */
  throttled: { retryable: true },
  /** A permission or resource that Google Cloud has yet to make known everywhere. */
  propagation: { retryable: true },
  /** Something that an administrator of the project has to mend. */
  environment: { retryable: false },
  /** The request itself is wrong, and will be tomorrow. */
  permanent: { retryable: false },
  /** Somebody else holds what we wanted to change; what they do makes our work unnecessary or due later. */
  contended: { retryable: true },
} as const;

export type ErrorKind = keyof typeof ERROR_KINDS;

export interface TuneErrorDetails {
  /** CamelCase, as it stands in `status.reason`. */
  reason: string;
  /** What a person should do. */
  remedy?: string | undefined;
  /** HTTP status of the answer, where there was one. */
  httpStatus?: number | undefined;
  cause?: unknown | undefined;
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

  get retryable(): boolean {
    return ERROR_KINDS[this.kind].retryable;
  }
}

/** Any thrown value as a TuneError; what nobody classified counts as ambiguous, so that it is tried again. */
export function asTuneError(error: unknown): TuneError {
  if (error instanceof TuneError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TuneError('ambiguous', message, { reason: 'Unexpected', cause: error });
}
