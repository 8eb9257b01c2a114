import type { StatusName } from '../http/api-error.ts';

/** Why a job, or a task of one, failed: `code` and `message` stand in its error. */
export class WorkFailure extends Error {
  readonly code: StatusName;

  constructor(code: StatusName, message: string) {
    super(message);
    this.code = code;
  }
}

export function asWorkFailure(error: unknown): WorkFailure {
  if (error instanceof WorkFailure) return error;
  return new WorkFailure('INTERNAL', error instanceof Error ? error.message : String(error));
}
