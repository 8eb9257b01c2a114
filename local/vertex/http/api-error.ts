import { type JsonObject, present, unlessEmpty } from './json.ts';

/** google.rpc.Code and the HTTP status that it travels under, most usual meaning of a status first. */
const STATUSES = {
  CANCELLED: { rpc: 1, http: 499 },
  UNKNOWN: { rpc: 2, http: 500 },
  INVALID_ARGUMENT: { rpc: 3, http: 400 },
  DEADLINE_EXCEEDED: { rpc: 4, http: 504 },
  NOT_FOUND: { rpc: 5, http: 404 },
  ALREADY_EXISTS: { rpc: 6, http: 409 },
  PERMISSION_DENIED: { rpc: 7, http: 403 },
  RESOURCE_EXHAUSTED: { rpc: 8, http: 429 },
  FAILED_PRECONDITION: { rpc: 9, http: 400 },
  UNIMPLEMENTED: { rpc: 12, http: 501 },
  INTERNAL: { rpc: 13, http: 500 },
  UNAVAILABLE: { rpc: 14, http: 503 },
  UNAUTHENTICATED: { rpc: 16, http: 401 },
} as const;

export type StatusName = keyof typeof STATUSES;

/** google.rpc.Status as it stands inside a resource. */
export type RpcStatus = { code: number; message: string };

/** A refusal that the caller sees as Google's error JSON. */
export class VertexError extends Error {
  readonly status: StatusName;
  readonly details: JsonObject[];

  constructor(status: StatusName, message: string, details: JsonObject[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }

  get http(): number {
    return STATUSES[this.status].http;
  }
}

export const rpcStatus = (status: StatusName, message: string): RpcStatus => ({
  code: STATUSES[status].rpc,
  message,
});

export const invalid = (message: string) => new VertexError('INVALID_ARGUMENT', message);

/** `{ error: { code, message, status, details? } }`, the body of every refusal. */
export function refusalBody(http: number, message: string, details: JsonObject[] = []): JsonObject {
  return {
    error: present({ code: http, message, status: statusOfHttp(http), details: unlessEmpty(details) }),
  };
}

export function vertexErrorBody(error: VertexError): JsonObject {
  const { http: code, message, status, details } = error;
  return { error: present({ code, message, status, details: unlessEmpty(details) }) };
}

function statusOfHttp(http: number): StatusName {
  if (http === 500) return 'INTERNAL';
  const names = Object.keys(STATUSES) as StatusName[];
  return names.find((name) => STATUSES[name].http === http) ?? 'UNKNOWN';
}
