import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';

/** Where the manifest of a test is said to lie. */
export const MANIFEST_URI = 'gs://inbox/team/reviews/tune.json';

/** The deployment of a test: nothing is allowed that the test does not list. */
export const someLimits = (limits: Partial<DeploymentLimits> = {}): DeploymentLimits => ({
  project: 'my-project',
  inboxBucket: 'inbox',
  resultsBucket: 'results',
  allowedDataBuckets: [],
  allowedServiceAccounts: [],
  allowedKmsKeys: [],
  allowedTensorboards: [],
  allowedOutputRoots: [],
  defaultRegion: 'us-central1',
  retiredModels: 'warn',
  ...limits,
});

export const parseText = (text: string, known: { baseModel?: string | undefined } = {}) =>
  parseManifest(new TextEncoder().encode(text), { uri: MANIFEST_URI, ...known });
export const parse = (content: unknown, known: { baseModel?: string | undefined } = {}) =>
  parseText(JSON.stringify(content, null, 1), known);
