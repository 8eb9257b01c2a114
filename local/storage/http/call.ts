/** One request on its way through the service, and what comes back. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../http.ts';
import { apiError } from '../api-error.ts';
import type { Action } from './operations.ts';
import type { StorageRoute } from './routes.ts';

/** The user agent of what is done by hand: it is no call of a program under test, so it meets no fault and is not noted. */
export const BY_HAND = 'by-hand';

/** Whether a request is the work of whoever keeps the cloud, which meets no fault. */
export const isByHand = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers['user-agent'] === BY_HAND;

export interface Call extends StorageRoute {
  request: IncomingMessage;
}

/** An answer as a value, so that a fault can still take its place. */
export interface Reply {
  status: number;
  headers?: Record<string, string | number | undefined>;
  json?: unknown;
  text?: { type: string; body: string };
  /** Writes a long body itself and ends the response. */
  stream?: (response: ServerResponse) => Promise<void>;
  /** Lets go of what `stream` would have used, when it is not called. */
  discard?: () => Promise<void>;
}

export type Handler = (call: Call) => Promise<Reply>;
export type Handlers<Actions extends Action> = Record<Actions, Handler>;

export type JsonBody = Record<string, unknown>;

const MAX_JSON_BYTES = 2 * 1024 * 1024;

/** The request's JSON body; an empty one is `{}`. */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const text = (await readBody(request, MAX_JSON_BYTES)).toString();
  try {
    // Go's client writes "no body" as null.
    const value: unknown = JSON.parse(text.trim() || '{}') ?? {};
    if (isRecord(value)) return value;
  } catch {
    // answered below
  }
  throw apiError(400, 'Parse Error');
}

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

export function isRecord(value: unknown): value is JsonBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
