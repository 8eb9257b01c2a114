import { status } from '@grpc/grpc-js';

/** What a code is over HTTP: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const HTTP_STATUS = {
  OK: 200,
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
} as const satisfies Record<keyof typeof status, number>;

export type GrpcCodeName = keyof typeof HTTP_STATUS;

/** The body of an error over HTTP, as Google's APIs send it. */
export interface ErrorBody {
  error: { code: number; message: string; status: GrpcCodeName };
}

export function errorBody(code: number, message: string): ErrorBody {
  const name = (status[code] ?? 'UNKNOWN') as GrpcCodeName;
  return { error: { code: HTTP_STATUS[name], message, status: name } };
}

/** Of several codes that share a status, the one that a client is to act on. */
const CODE_OF_HTTP: Partial<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.ABORTED,
  412: status.FAILED_PRECONDITION,
  429: status.RESOURCE_EXHAUSTED,
  499: status.CANCELLED,
  500: status.INTERNAL,
  501: status.UNIMPLEMENTED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** The code that a fault script means, which speaks HTTP to every service. */
export function codeOfHttp(httpStatus: number): status {
  return CODE_OF_HTTP[httpStatus] ?? status.UNKNOWN;
}
