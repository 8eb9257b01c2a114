/** Regions of pipeline jobs and of uploaded models. Guide, "Supported pipeline job and model upload regions". */
export const REGIONS = [
  'us-central1',
  'europe-west4',
  'asia-southeast1',
  'us-west1',
  'europe-west3',
  'europe-west2',
  'asia-northeast1',
  'us-east4',
  'us-west4',
  'northamerica-northeast1',
  'europe-west9',
  'europe-west1',
  'asia-northeast3',
] as const;

export type Region = (typeof REGIONS)[number];

/** Where `tuningJobs` run besides: open models in one more region, or wherever there is room. */
const TUNING_LOCATIONS = ['us-east5', 'global'] as const;
export const LOCATIONS = [...REGIONS, ...TUNING_LOCATIONS] as const;
export type Location = (typeof LOCATIONS)[number];

/**
 * The accelerator decides where the model is computed, and on what. Guide, "Model tuning region" and `ACCELERATOR_TYPE`. `quota` is the
 * name of the quota in Google's console, where it is known.
 */
export const ACCELERATORS = {
  GPU: {
    trainingRegion: 'us-central1',
    description: '8 NVIDIA A100 80 GB GPUs in us-central1',
    quota: 'restricted_image_training_nvidia_a100_80gb_gpus',
    isCmekSupported: true,
  },
  TPU: {
    trainingRegion: 'europe-west4',
    description: '64 cores of a TPU v3 Pod in europe-west4',
    quota: undefined,
    isCmekSupported: false,
  },
} as const satisfies Record<
  string,
  { trainingRegion: Region; description: string; quota: string | undefined; isCmekSupported: boolean }
>;

export type AcceleratorType = keyof typeof ACCELERATORS;
export type TrainingRegion = (typeof ACCELERATORS)[AcceleratorType]['trainingRegion'];

/** The only region with customer-managed keys. Guide, `ENCRYPTION_KEY_NAME`. */
export const CMEK_REGION = 'us-central1' satisfies Region;

export function isRegion(name: string): name is Region {
  return (REGIONS as readonly string[]).includes(name);
}

/** Where tuned Gemini 3 models answer: not in a region. Google Cloud, "Tune Gemini models", 2026-09-25. */
const MULTI_REGIONS = ['us', 'eu'] as const;

/** Every host of Vertex AI that is ever called. A bearer token goes there, so this list is closed. */
const HOSTS: ReadonlyMap<string, string> = new Map([
  ...LOCATIONS.map((location) => [location, `${location}-aiplatform.googleapis.com`] as const),
  ['global', 'aiplatform.googleapis.com'],
  ...MULTI_REGIONS.map((location) => [location, `aiplatform.${location}.rep.googleapis.com`] as const),
]);

/** The host of Vertex AI in a location such as `us-central1`, `global` or `eu`; undefined for a name that is none. */
export function findVertexHost(location: string): string | undefined {
  return HOSTS.get(location);
}

/** The host of Vertex AI in a location. A name that is no location throws instead of becoming part of a host name. */
export function vertexHost(location: string): string {
  const host = findVertexHost(location);
  if (host === undefined) throw new RangeError('not a location of Vertex AI');
  return host;
}

/** Whether an absolute URL is at one of Vertex AI's hosts, over https and with nothing else before its path. */
export function isAtVertex(url: string): boolean {
  const [, host = ''] = /^https:\/\/([^/]*)\//.exec(url) ?? [];
  return [...HOSTS.values()].includes(host);
}

/** The multi-region whose host answers for what was tuned in a region. */
export function multiRegionOf(region: string): (typeof MULTI_REGIONS)[number] {
  return region.startsWith('europe-') ? 'eu' : 'us';
}
