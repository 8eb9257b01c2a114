import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Who makes the call that is being served: a function's name, or what else has a door of its own. Each function is given
 * addresses of its own, so a service knows who calls without a word in the call.
 */
const callers = new AsyncLocalStorage<string>();

/** Whoever came through the address that everybody knows. */
export const ANYBODY = 'anybody';

/** The stand-in for Vertex AI, which reads data sets and writes weights: a part of the cloud, not of what is tested. */
export const VERTEX_CALLER = 'vertex';

/** Serves as called by `caller`; undefined leaves the caller as it is. */
export function asCaller<T>(caller: string | undefined, serve: () => T): T {
  return caller === undefined ? serve() : callers.run(caller, serve);
}

export function currentCaller(): string {
  return callers.getStore() ?? ANYBODY;
}
