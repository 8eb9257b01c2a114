/** The project that the embedded cloud plays; nothing outside this machine knows it. */
export const LOCAL_PROJECT = { projectId: 'tunedrop-local', projectNumber: '100000000001' } as const;

/** The account that the functions run as. */
export const FUNCTIONS_ACCOUNT = `functions@${LOCAL_PROJECT.projectId}.iam.gserviceaccount.com`;

/** A TensorBoard in each of the two regions where tuning computes, by full name. */
export const TENSORBOARDS: readonly string[] = [
  'us-central1/tensorboards/4400000000000000001',
  'europe-west4/tensorboards/4400000000000000002',
].map((path) => `projects/${LOCAL_PROJECT.projectId}/locations/${path}`);

/** A bucket's name in the project, by its name in functions.json: `inbox` is `tunedrop-local-inbox`. */
export function bucketName(bucket: string): string {
  return `${LOCAL_PROJECT.projectId}-${bucket}`;
}

/** A topic's full name, by its name in functions.json. */
export function topicName(topic: string): string {
  return `projects/${LOCAL_PROJECT.projectId}/topics/${topic}`;
}

/** A subscription's full name, by its name in functions.json. */
export function subscriptionName(subscription: string): string {
  return `projects/${LOCAL_PROJECT.projectId}/subscriptions/${subscription}`;
}
