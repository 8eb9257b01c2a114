import type { Clock } from '../../clock.ts';
import { VertexError } from '../http/api-error.ts';
import type { ApiRoute, Routes } from '../http/routes.ts';

const MINUTE_MS = 60_000;
const CREATES = ['pipelineJobs.create', 'tuningJobs.create'];

/** The routes, with no more jobs created in any minute than these; one more is refused with 429, as Google's quotas a minute do. */
export function withCreatePace(
  routes: Routes,
  { createsPerMinute, clock }: { createsPerMinute?: number | undefined; clock: Clock },
): Routes {
  if (createsPerMinute === undefined) return routes;
  let created: number[] = [];
  const paced = (route: ApiRoute): ApiRoute => ({
    ...route,
    async handle(request) {
      created = created.filter((at) => at > clock.now() - MINUTE_MS);
      if (created.length >= createsPerMinute) throw tooFast();
      created.push(clock.now());
      return await route.handle(request);
    },
  });
  return Object.fromEntries(
    Object.entries(routes).map(([shape, route]) => [
      shape,
      CREATES.includes(route.method) ? paced(route) : route,
    ]),
  );
}

function tooFast(): VertexError {
  return new VertexError(
    'RESOURCE_EXHAUSTED',
    "Quota exceeded for quota metric 'Resource management requests' and limit 'Resource management requests per minute'.",
  );
}
