import { warmUpRequest } from '../../core/tuning/warm-up.ts';
import type { Clock, ProjectNotes, ProjectWarmUp } from '../../ports.ts';
import type { VertexClient } from './client.ts';

export interface WarmUpDeps {
  vertex: VertexClient;
  notes: ProjectNotes;
  project: string;
  clock: Clock;
}

/**
 * Warms a project once per region, and remembers it. `/ui` is not a documented API, so nobody may count on it: a deployment
 * asks for it with `WARM_UP_PROJECT=on`. Two functions that come at once may both create a data set: an empty one more does
 * no harm, while a note that comes before the deed would.
 */
export function createProjectWarmUp({ vertex, notes, project, clock }: WarmUpDeps): ProjectWarmUp {
  return {
    async ensure(region) {
      const earlier = await notes.warmedAt(region);
      if (earlier) return earlier;
      await vertex({ method: 'POST', ...warmUpRequest(project, region), doing: 'warming up the project' });
      const now = clock.now().toISOString();
      await notes.noteWarmed(region, now);
      return now;
    },
  };
}
