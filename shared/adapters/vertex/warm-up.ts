import type { Clock, ProjectNotes, ProjectWarmUp } from '../../ports.ts';
import { type VertexClient, vertexOrigin } from './client.ts';

export interface WarmUpDeps {
  vertex: VertexClient;
  notes: ProjectNotes;
  project: string;
  clock: Clock;
}

/** The empty image data set of the guide's troubleshooting section, but for its names. */
const EMPTY_DATASET = {
  display_name: 'tunedrop-warm-up',
  metadata_schema_uri: 'gs://google-cloud-aiplatform/schema/dataset/metadata/image_1.0.0.yaml',
  saved_queries: [{ display_name: 'warm-up', problem_type: 'IMAGE_CLASSIFICATION_MULTI_LABEL' }],
};

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
      const url = `${vertexOrigin(region)}/ui/projects/${project}/locations/${region}/datasets`;
      await vertex({ method: 'POST', url, body: EMPTY_DATASET, doing: 'warming up the project' });
      const now = clock.now().toISOString();
      await notes.noteWarmed(region, now);
      return now;
    },
  };
}
