import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallHistory } from '../call-history.ts';
import type { FaultScript } from '../faults.ts';
import { type HttpHandler, readBody, sendJson, serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { readOrder } from './order.ts';

export interface ControlOptions extends ServiceOptions {
  /** Of every service, by its name. */
  scripts: Record<string, FaultScript>;
  history: CallHistory;
}

/** Whoever wants more asks for those after the last one's number. */
const CALLS_AT_ONCE = 1000;

type Answer = (request: { query: URLSearchParams; body: unknown }) => unknown;

/** What a person or a script does to the cloud from outside: faults for the services, and what was called. */
export function startControl(options: ControlOptions): Promise<LocalService> {
  return serveHttp(options.port, serve(answersOf(options)), options.log);
}

function answersOf({ scripts, history }: ControlOptions): Record<string, Answer> {
  const all = <T>(what: (script: FaultScript) => T) =>
    Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, what(script)]));
  const faults = () => ({
    remaining: all((script) => script.remaining()),
    held: all((script) => script.held()),
  });
  return {
    'GET /faults': faults,
    'POST /faults': ({ body }) => {
      const { service, method, list, share, isStanding } = readOrder(body, Object.keys(scripts));
      if (isStanding) for (const fault of list) scripts[service]?.whenever(method, fault, share);
      else scripts[service]?.script(method, list, share);
      return faults();
    },
    'POST /faults/release': () => ({ released: all((script) => script.release()) }),
    'DELETE /faults': () => {
      const before = faults();
      for (const script of Object.values(scripts)) script.clear();
      return before;
    },
    'GET /history': ({ query }) => ({
      calls: history.since(Number(query.get('after') ?? 0)).slice(0, CALLS_AT_ONCE),
    }),
  };
}

function serve(answers: Record<string, Answer>): HttpHandler {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = answers[`${request.method} ${url.pathname}`];
    if (!answer) {
      const error = `There is no ${request.method} ${url.pathname} here, only ${Object.keys(answers).join(', ')}.`;
      return sendJson(response, 404, { error });
    }
    try {
      const text = (await readBody(request)).toString();
      sendJson(response, 200, answer({ query: url.searchParams, body: JSON.parse(text || '{}') }));
    } catch (error) {
      sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}
