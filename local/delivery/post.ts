import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '../clock.ts';

export interface PostOptions {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** No answer within this time rejects and drops the connection. */
  deadlineMs: number;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * POSTs and resolves with the status once the whole answer is here; rejects on connection errors and the deadline.
 * Every call has its own connection: a restarted function must never be met through a dead kept-alive socket.
 */
export function post({ url, headers, body, deadlineMs, clock, signal }: PostOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    const outgoing = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      agent: false,
      signal,
    });
    const timer = clock.after(deadlineMs, () =>
      outgoing.destroy(new Error(`no answer within ${deadlineMs} ms`)),
    );
    const end = (act: () => void) => {
      timer.cancel();
      act();
    };
    outgoing.on('error', (error) => end(() => reject(error)));
    outgoing.on('information', ({ statusCode }) => {
      if (statusCode === 102) end(() => resolve(statusCode));
    });
    outgoing.on('response', (response) => {
      response.on('error', (error) => end(() => reject(error)));
      response.on('end', () => end(() => resolve(response.statusCode ?? 0)));
      response.resume();
    });
    outgoing.end(body);
  });
}

/** Nobody listens on the port (yet). */
export function isConnectionRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
