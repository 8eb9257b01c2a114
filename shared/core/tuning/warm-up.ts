import { vertexHost } from '../models/regions.ts';
import { literal, quoted } from './calls/text.ts';

/** The empty image data set of the guide's troubleshooting section, but for its names. */
const EMPTY_DATASET = {
  display_name: 'tunedrop-warm-up',
  metadata_schema_uri: 'gs://google-cloud-aiplatform/schema/dataset/metadata/image_1.0.0.yaml',
  saved_queries: [{ display_name: 'warm-up', problem_type: 'IMAGE_CLASSIFICATION_MULTI_LABEL' }],
};

/** The guide's way out of internal errors in a project that never tuned a model. `/ui` is not a documented API. */
export const warmUpRequest = (project: string, region: string) => ({
  url: `https://${vertexHost(region)}/ui/projects/${project}/locations/${region}/datasets`,
  body: EMPTY_DATASET,
});

/** The same as a command, on one line. */
export function warmUpCommand(project: string, region: string): string {
  const { url, body } = warmUpRequest(project, region);
  return `curl -X POST -H "Authorization: Bearer $(gcloud auth print-access-token)" -H "Content-Type: application/json" -d ${quoted(literal(body))} ${url}`;
}
