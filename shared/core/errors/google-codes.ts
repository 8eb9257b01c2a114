import type { ErrorKind } from './errors.ts';

/**
 * What Google's codes mean to us. Numbers and HTTP statuses: googleapis/googleapis, google/rpc/code.proto.
 * `ofService`: the deployment's own database or topic was asked, and no run is to blame. `ofObject`: it was about an object
 * that a manifest may name, and the run's document says so.
 */
interface Row {
  grpc: number;
  http: number;
  ofService: ErrorKind;
  ofObject: ErrorKind;
}

export const GOOGLE_CODES = {
  CANCELLED: { grpc: 1, http: 499, ofService: 'ambiguous', ofObject: 'ambiguous' },
  UNKNOWN: { grpc: 2, http: 500, ofService: 'ambiguous', ofObject: 'ambiguous' },
  INVALID_ARGUMENT: { grpc: 3, http: 400, ofService: 'misconfiguration', ofObject: 'permanent' },
  DEADLINE_EXCEEDED: { grpc: 4, http: 504, ofService: 'ambiguous', ofObject: 'ambiguous' },
  NOT_FOUND: { grpc: 5, http: 404, ofService: 'misconfiguration', ofObject: 'permanent' },
  /** Nothing is created by name but what may be there already: the answer of an earlier try was lost. */
  ALREADY_EXISTS: { grpc: 6, http: 409, ofService: 'ambiguous', ofObject: 'permanent' },
  PERMISSION_DENIED: { grpc: 7, http: 403, ofService: 'misconfiguration', ofObject: 'environment' },
  RESOURCE_EXHAUSTED: { grpc: 8, http: 429, ofService: 'throttled', ofObject: 'throttled' },
  /** Of Firestore: an index is missing, or the database is in Datastore mode. */
  FAILED_PRECONDITION: { grpc: 9, http: 400, ofService: 'misconfiguration', ofObject: 'permanent' },
  ABORTED: { grpc: 10, http: 409, ofService: 'contended', ofObject: 'permanent' },
  OUT_OF_RANGE: { grpc: 11, http: 400, ofService: 'misconfiguration', ofObject: 'permanent' },
  UNIMPLEMENTED: { grpc: 12, http: 501, ofService: 'misconfiguration', ofObject: 'ambiguous' },
  INTERNAL: { grpc: 13, http: 500, ofService: 'ambiguous', ofObject: 'ambiguous' },
  UNAVAILABLE: { grpc: 14, http: 503, ofService: 'ambiguous', ofObject: 'ambiguous' },
  DATA_LOSS: { grpc: 15, http: 500, ofService: 'ambiguous', ofObject: 'ambiguous' },
  UNAUTHENTICATED: { grpc: 16, http: 401, ofService: 'misconfiguration', ofObject: 'environment' },
} as const satisfies Record<string, Row>;

export type GoogleCode = keyof typeof GOOGLE_CODES;

const ROWS = Object.entries(GOOGLE_CODES) as [GoogleCode, Row][];

/** The name of a gRPC status; undefined for a number that is none, or that says OK. */
export function codeOfGrpc(status: number): GoogleCode | undefined {
  return ROWS.find(([, { grpc }]) => grpc === status)?.[0];
}

/** The name of an HTTP status; of several that have it the first. */
export function codeOfHttpStatus(status: number): GoogleCode | undefined {
  return ROWS.find(([, { http }]) => http === status)?.[0];
}

/** What an HTTP status says about an object; no answer at all, and a 5xx that is new, say nothing. */
export function kindOfObjectStatus(status: number | undefined): ErrorKind {
  const row = ROWS.find(([, { http }]) => http === status);
  if (row) return row[1].ofObject;
  return status === undefined || status >= 500 || status === 408 ? 'ambiguous' : 'permanent';
}
