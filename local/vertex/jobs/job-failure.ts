import type { StatusName } from '../http/api-error.ts';

/** Why a job, or a task of one, failed: `code` and `message` stand in its error. */
export class JobFailure extends Error {
  readonly code: StatusName;

  constructor(code: StatusName, message: string) {
    super(message);
    this.code = code;
  }
}

export function asJobFailure(error: unknown): JobFailure {
  if (error instanceof JobFailure) return error;
  return new JobFailure('INTERNAL', error instanceof Error ? error.message : String(error));
}
