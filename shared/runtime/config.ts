import * as z from 'zod';
import { TuneError } from '../core/errors/errors.ts';
import { DEFAULT_CAPS, type DeploymentLimits } from '../core/manifest/deployment-limits.ts';
import { type OwnPrices, readOwnPrices } from '../core/manifest/own-prices.ts';
import { LOCATIONS, REGIONS } from '../core/models/regions.ts';
import type { JobKind } from '../core/run/job-kinds.ts';

/** What a deployment sets: the only reading of the environment in product code. */
export interface Config {
  project: string;
  inboxBucket: string;
  resultsBucket: string;
  firestoreDatabase: string;
  /** Who this function runs as. */
  serviceAccount: string;
  /** What is deployed of this function now; changes with every deployment, of code or of environment. */
  version: string;
  /** How long a manifest waits for a data set that it names. */
  datasetWaitMs: number;
  /** How long a data file is given until a manifest names it, before that is told; 0: for ever. */
  unnamedDataMs: number;
  /** What happens to an upload of the same bytes to the same path. */
  onSameBytes: 'skip' | 'run';
  /** Multiplies every back-off; 1 in production, small on a laptop. */
  retryScale: number;
  /** Replaces `https://REGION-aiplatform.googleapis.com`; loopback only. */
  vertexEndpoint: string | undefined;
  /** Replaces Google's Pub/Sub, by the name that Google's own clients read. */
  pubsubEmulator: string | undefined;
  /** Jobs of each kind that may be active at once; where there is none: as many as Vertex AI takes. */
  maxActiveJobs: Partial<Record<JobKind, number | undefined>>;
  /** The most that a top-level folder of the inbox may spend in a month, in US dollars; undefined: as much as it likes. */
  maxFolderUsdAMonth: number | undefined;
  /** How many runs of a top-level folder of the inbox may start in a day; undefined: as many as it likes. */
  maxFolderRunsADay: number | undefined;
  /** How long a run may wait, from its upload on, for its turn, for quota, or for a function that is away. */
  maximumWaitMs: number;
  /** How many jobs that no run follows are restored or stopped at once; more look like a wrong database. */
  maxUnwantedJobs: number;
  /** Hours that a job may be tuning before it is cancelled; undefined: as many as it takes. */
  maxTuningHours: number | undefined;
  /** Whether a project that answers with internal errors is warmed up, through an API that Google does not document. */
  warmUpProject: boolean;
  /** Base of the links to the Google Cloud console; empty for none. */
  consoleUrl: string;
  limits: DeploymentLimits;
}

const DAY_MS = 86_400_000;

/** Every mistake in the configuration at once. */
export class ConfigError extends TuneError {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(
      'misconfiguration',
      `The environment of this function is incomplete:\n${problems.map((line) => `- ${line}`).join('\n')}`,
      { reason: 'ConfigError', remedy: 'Set these variables where the function is deployed.' },
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
const tensorboards = list.refine(
  (names) => names.every((name) => /^projects\/[^/]+\/locations\/[^/]+\/tensorboards\/\d+$/.test(name)),
  'must be full names: projects/PROJECT/locations/REGION/tensorboards/NUMBER, with commas between them',
);
const optional = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));
const required = z.string({ error: 'is not set' }).min(1, 'is empty');

/** A token must never leave for a host that a variable names, unless that host is this machine. */
const loopbackUrl = optional.refine(
  (url) => url === undefined || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.test(url),
  'must be http:// on loopback: it is for the embedded cloud only',
);

/** Where `tuningJobs` run; empty for the region of the deployment, if the model is tuned there. */
const location = optional.pipe(z.enum(LOCATIONS).optional());

/** What this deployment pays for a million training tokens. */
const prices = z
  .string()
  .default('')
  .transform((text, context): OwnPrices => {
    const read = readOwnPrices(text);
    if ('prices' in read) return read.prices;
    context.addIssue({ code: 'custom', message: read.problem });
    return z.NEVER;
  });

/** 0: the deployment sets no limit, and Vertex AI's own is learnt. Unset it is a cap: nobody forgets one for free. */
const activeJobs = (cap: number) => z.coerce.number().int().nonnegative().default(cap);

/** A cap that is there unless somebody writes `none`. */
const capOf = (cap: number) =>
  z
    .string()
    .regex(/^(?:none|[1-9]\d{0,14})$/, 'must be a whole number above 0, or none')
    .default(String(cap))
    .transform((text) => (text === 'none' ? undefined : Number(text)));

const EnvironmentSchema = z.object({
  /** Name and revision of the service, which Cloud Run sets: cloud.google.com/run/docs/container-contract. */
  K_SERVICE: z.string().default('local'),
  K_REVISION: z.string().default('local'),
  /** Read by functions-framework and Express: with anything else their answers have the words and the stacks of errors. */
  NODE_ENV: z.literal('production', { error: 'must be production' }),
  GOOGLE_CLOUD_PROJECT: required,
  INBOX_BUCKET: required,
  RESULTS_BUCKET: required,
  FIRESTORE_DATABASE: z.string().default('(default)'),
  DEFAULT_REGION: z.enum(REGIONS).default('us-central1'),
  DATASET_WAIT_SECONDS: z.coerce.number().positive().default(3600),
  UNNAMED_DATA_SECONDS: z.coerce.number().nonnegative().default(3600),
  ON_SAME_BYTES: z.enum(['skip', 'run']).default('skip'),
  RETRY_SCALE: z.coerce.number().positive().max(1).default(1),
  MAX_ACTIVE_GEMINI_JOBS: activeJobs(DEFAULT_CAPS.activeJobs.gemini),
  MAX_ACTIVE_OPEN_MODEL_JOBS: activeJobs(DEFAULT_CAPS.activeJobs.openModels),
  MAX_ACTIVE_PIPELINE_JOBS: activeJobs(DEFAULT_CAPS.activeJobs.pipelines),
  MAX_FOLDER_USD_A_MONTH: z.coerce.number().positive().optional(),
  MAX_FOLDER_RUNS_A_DAY: capOf(DEFAULT_CAPS.folderRunsADay),
  MAX_WAIT_DAYS: z.coerce.number().positive().default(14),
  MAX_UNWANTED_JOBS: z.coerce.number().int().nonnegative().default(3),
  MAX_TUNING_HOURS: z.coerce.number().positive().optional(),
  WARM_UP_PROJECT: z.enum(['on', 'off']).default('off'),
  VERTEX_AI_ENDPOINT: loopbackUrl,
  PUBSUB_EMULATOR_HOST: optional,
  CONSOLE_URL: z.string().default('https://console.cloud.google.com'),
  ALLOWED_DATA_BUCKETS: list,
  TEAM_FOLDERS: z.enum(['on', 'off']).default('off'),
  ALLOWED_DATASETS: list,
  HTTPS_FILES: z.enum(['on', 'off']).default('off'),
  SHOW_EXAMPLES: z.enum(['on', 'off']).default('off'),
  CONVERT_DATA: z.enum(['on', 'off']).default('on'),
  ALLOWED_SERVICE_ACCOUNTS: list,
  DEFAULT_SERVICE_ACCOUNT: optional,
  ALLOWED_KMS_KEYS: list,
  ALLOWED_TENSORBOARDS: list,
  DEFAULT_TENSORBOARDS: tensorboards,
  ALLOWED_OUTPUT_ROOTS: list,
  ALLOWED_TUNED_MODELS: list,
  GEMINI_REGION: location,
  OPEN_MODEL_REGION: location,
  RETIRED_MODELS: z.enum(['warn', 'error']).default('error'),
  MAX_TRAIN_STEPS: capOf(DEFAULT_CAPS.trainSteps),
  MAX_TRAINING_TOKENS: capOf(DEFAULT_CAPS.trainingTokens),
  MAX_ACCELERATORS: capOf(DEFAULT_CAPS.accelerators),
  MAX_COST_USD: z.coerce.number().positive().optional(),
  MODEL_PRICES: prices,
  UNKNOWN_PRICES: z.enum(['hold', 'allow']).default('hold'),
});

/** Every variable that functions know, and whether a deployment has to set it. */
export const ENVIRONMENT_VARIABLES: readonly { name: string; isRequired: boolean }[] = Object.entries(
  EnvironmentSchema.shape,
).map(([name, schema]) => ({ name, isRequired: !schema.safeParse(undefined).success }));

/** Reads the configuration; throws one ConfigError that names every variable that is missing or wrong. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const parsed = EnvironmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  }
  const env = parsed.data;
  return {
    project: env.GOOGLE_CLOUD_PROJECT,
    inboxBucket: env.INBOX_BUCKET,
    resultsBucket: env.RESULTS_BUCKET,
    firestoreDatabase: env.FIRESTORE_DATABASE,
    // As terraform/iam.tf names the accounts.
    serviceAccount: `tunedrop-${env.K_SERVICE}@${env.GOOGLE_CLOUD_PROJECT}.iam.gserviceaccount.com`,
    version: env.K_REVISION,
    datasetWaitMs: env.DATASET_WAIT_SECONDS * 1000,
    unnamedDataMs: env.UNNAMED_DATA_SECONDS * 1000,
    onSameBytes: env.ON_SAME_BYTES,
    retryScale: env.RETRY_SCALE,
    vertexEndpoint: env.VERTEX_AI_ENDPOINT,
    pubsubEmulator: env.PUBSUB_EMULATOR_HOST,
    maxActiveJobs: {
      gemini: env.MAX_ACTIVE_GEMINI_JOBS || undefined,
      openModels: env.MAX_ACTIVE_OPEN_MODEL_JOBS || undefined,
      pipelines: env.MAX_ACTIVE_PIPELINE_JOBS || undefined,
    },
    maxFolderUsdAMonth: env.MAX_FOLDER_USD_A_MONTH,
    maxFolderRunsADay: env.MAX_FOLDER_RUNS_A_DAY,
    maximumWaitMs: env.MAX_WAIT_DAYS * DAY_MS,
    maxUnwantedJobs: env.MAX_UNWANTED_JOBS,
    maxTuningHours: env.MAX_TUNING_HOURS,
    warmUpProject: env.WARM_UP_PROJECT === 'on',
    consoleUrl: env.CONSOLE_URL,
    limits: {
      project: env.GOOGLE_CLOUD_PROJECT,
      inboxBucket: env.INBOX_BUCKET,
      resultsBucket: env.RESULTS_BUCKET,
      defaultRegion: env.DEFAULT_REGION,
      allowedDataBuckets: env.ALLOWED_DATA_BUCKETS,
      areTeamsSeparated: env.TEAM_FOLDERS === 'on',
      allowedDatasets: env.ALLOWED_DATASETS,
      areHttpsFilesAllowed: env.HTTPS_FILES === 'on',
      isConversionForbidden: env.CONVERT_DATA === 'off',
      areTextsHidden: env.SHOW_EXAMPLES === 'off',
      allowedServiceAccounts: env.ALLOWED_SERVICE_ACCOUNTS,
      defaultServiceAccount: env.DEFAULT_SERVICE_ACCOUNT,
      allowedKmsKeys: env.ALLOWED_KMS_KEYS,
      allowedTensorboards: env.ALLOWED_TENSORBOARDS,
      defaultTensorboards: env.DEFAULT_TENSORBOARDS,
      allowedOutputRoots: env.ALLOWED_OUTPUT_ROOTS,
      allowedTunedModels: env.ALLOWED_TUNED_MODELS,
      tuningRegions: { gemini: env.GEMINI_REGION, open: env.OPEN_MODEL_REGION },
      retiredModels: env.RETIRED_MODELS,
      maxTrainSteps: env.MAX_TRAIN_STEPS,
      maxTrainingTokens: env.MAX_TRAINING_TOKENS,
      maxAccelerators: env.MAX_ACCELERATORS,
      maxCostUsd: env.MAX_COST_USD,
      prices: env.MODEL_PRICES,
      unknownPrices: env.UNKNOWN_PRICES,
    },
  };
}
