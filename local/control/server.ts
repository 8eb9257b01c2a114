import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createProjectState,
  isPlantedFault,
  PLANTED_FAULTS,
  type ProjectState,
  type ProjectTopology,
} from '../administration/project-state.ts';
import { createAdministrationHandler } from '../administration/request-handler.ts';
import type { CallHistory } from '../call-history.ts';
import type { FaultScript } from '../faults.ts';
import { type HttpHandler, readBody, sendJson, serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { readOrder } from './order.ts';

export interface ControlOptions extends ServiceOptions {
  /** Of every service, by its name. */
  scripts: Record<string, FaultScript>;
  history: CallHistory;
  topology: ProjectTopology;
}

/** The control, with the project whose settings it shows. */
export interface ControlService extends LocalService {
  readonly project: ProjectState;
}

/** Below it, by host, what stands in for Google's administration of projects. */
export const ADMINISTRATION_PATH = '/google';

/** Whoever wants more asks for those after the last one's number. */
const CALLS_AT_ONCE = 1000;

type Answer = (request: { query: URLSearchParams; body: unknown }) => unknown;

/**
 * What a person or a script does to the cloud from outside: faults for the services, and what was called. What a project is asked
 * about its settings it answers too.
 */
export async function startControl(options: ControlOptions): Promise<ControlService> {
  const project = createProjectState(options.topology);
  const administration = createAdministrationHandler(project, options.faults);
  const control = serve(answersOf(options, project));
  const handler: HttpHandler = (request, response) => {
    if (!request.url?.startsWith(`${ADMINISTRATION_PATH}/`)) return control(request, response);
    request.url = request.url.slice(ADMINISTRATION_PATH.length);
    return administration(request, response);
  };
  return { ...(await serveHttp(options.port, handler, options.log)), project };
}

function answersOf({ scripts, history }: ControlOptions, project: ProjectState): Record<string, Answer> {
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
    'GET /planted': () => ({ planted: project.planted() }),
    'POST /planted': ({ body }) => {
      if (!isPlantedFault(body))
        throw new Error(`What is planted is one of ${PLANTED_FAULTS.join(', ')}, with its words.`);
      project.plant(body);
      return { planted: project.planted() };
    },
    'DELETE /planted': () => {
      const planted = project.planted();
      project.clear();
      return { planted };
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
