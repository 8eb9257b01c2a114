import { VertexError } from './api-error.ts';
import type { JsonObject } from './json.ts';

/** The versions that are served; what they differ in is for the route to know. */
export type ApiVersion = 'v1' | 'v1beta1';

/** One call, its resource name already with the project number. */
export interface ApiRequest {
  version: ApiVersion;
  /** `projects/{number}/locations/{location}` */
  parent: string;
  location: string;
  /** The resource's own id; empty for a collection. */
  id: string;
  /** `{parent}/{collection}/{id}`, deeper where resources lie in each other; a collection's ends with the collection. */
  name: string;
  /** The name with the project as the caller wrote it. */
  writtenName: string;
  query: URLSearchParams;
  body: JsonObject;
}

/** An answer in pieces: server-sent events where `alt=sse` asks for them, else a JSON array. */
export class JsonStream {
  readonly chunks: readonly JsonObject[];

  constructor(chunks: readonly JsonObject[]) {
    this.chunks = chunks;
  }
}

export type RouteAnswer = JsonObject | JsonStream;

export interface ApiRoute {
  /** The name that fault scripts and call counts know it by. */
  method: string;
  handle: (request: ApiRequest) => RouteAnswer | Promise<RouteAnswer>;
}

/** By verb and shape: `GET models`, `GET models/*`, `POST pipelineJobs/*:cancel`; a star for every id. */
export type Routes = Record<string, ApiRoute>;

export interface RouteTarget {
  version: ApiVersion;
  project: string;
  location: string;
  /** What follows the location, without the verb: `models/1`. */
  path: string;
  id: string;
  route: ApiRoute;
}

/** Google's REST clients poll operations below `/ui`, everything else is below a version. */
const PATH = /^\/(v1|v1beta1|ui)\/projects\/([^/]+)\/locations\/([^/]+)\/([^:]+)(?::([A-Za-z]+))?$/;

/** Which route a request line is for; NOT_FOUND when there is none. */
export function findRoute(routes: Routes, method: string, pathname: string): RouteTarget {
  const [, root, project = '', location = '', path = '', verb] = PATH.exec(decode(pathname)) ?? [];
  const segments = path.split('/');
  const shape = segments.map((segment, index) => (index % 2 === 1 && segment ? '*' : segment)).join('/');
  const route = routes[`${method} ${shape}${verb ? `:${verb}` : ''}`];
  if (!route) throw new VertexError('NOT_FOUND', `The embedded service has no ${method} ${pathname}.`);
  const id = segments.length % 2 === 0 ? (segments.at(-1) ?? '') : '';
  return { version: root === 'v1beta1' ? root : 'v1', project, location, path, id, route };
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return '';
  }
}
