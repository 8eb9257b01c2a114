import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../../cli/start/stack.ts';
import { BY_HAND } from '../../local/storage/http/call.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { MetricSeriesSchema } from '../../shared/core/tuning/metrics.ts';
import { temporaryFolder } from '../support/service-options.ts';

/** A copy of an example with other values in its manifest. */
export function changedExample(name: string, values: Record<string, unknown>): string {
  const folder = join(temporaryFolder(), name);
  cpSync(join('examples', name), folder, { recursive: true });
  const path = join(folder, 'tune.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...values }, null, 2));
  return folder;
}

/** A job as the embedded Vertex AI gives it, of either kind. */
export interface SomeJob {
  name: string;
  state: string;
  [field: string]: unknown;
}

const LOCATIONS = ['us-central1', 'europe-west4', 'global'];

/** Every job that Vertex AI has in the places where examples are tuned. */
export async function jobsIn({ cloud }: Stack): Promise<SomeJob[]> {
  const { VERTEX_AI_ENDPOINT: vertex, GOOGLE_CLOUD_PROJECT: project } = cloud.clientEnvironment;
  const listed = await Promise.all(
    LOCATIONS.map(async (location) => {
      const url = `${vertex}/v1beta1/projects/${project}/locations/${location}/tuningJobs?pageSize=100`;
      const answer = await fetch(url, { headers: { authorization: 'Bearer local' } });
      if (!answer.ok) throw new Error(await answer.text());
      return ((await answer.json()) as { tuningJobs?: SomeJob[] }).tuningJobs ?? [];
    }),
  );
  return [...(cloud.vertex.jobs() as unknown as SomeJob[]), ...listed.flat()];
}

/** Every point of every series that Firestore has of a run, as `/name: step value`, sorted. */
export async function pointsInFirestore({ firestore }: Stack, { runId }: Run): Promise<string[]> {
  const series = await firestore.collection(`runs/${runId}/metrics`).get();
  return series.docs
    .map((doc) => MetricSeriesSchema.parse(doc.data()))
    .flatMap(({ name, points }) => points.map(({ step, value }) => `${name}: ${step} ${value}`))
    .sort();
}

/** The object that a `gs://` URI names, read by hand: it is no operation of the functions. */
export async function resultText({ cloud }: Stack, uri: string | undefined): Promise<string> {
  const [bucket, ...name] = (uri ?? '').replace('gs://', '').split('/');
  const path = `storage/v1/b/${bucket}/o/${encodeURIComponent(name.join('/'))}?alt=media`;
  const headers = { 'user-agent': BY_HAND };
  const answer = await fetch(`${cloud.clientEnvironment.STORAGE_EMULATOR_HOST}/${path}`, { headers });
  if (!answer.ok) throw new Error(`${uri} is not there: ${answer.status}`);
  return await answer.text();
}
