/**
 * What Google's words name, so that a remedy is about that and not about what is usual. Undefined where they do not name it.
 * A text can name several things of a kind; the first is meant.
 */
export interface Named {
  /** Host of an API, such as `compute.googleapis.com`. */
  api?: string | undefined;
  /** Name of a bucket. */
  bucket?: string | undefined;
  /** Address of the service account that lacks something. */
  serviceAccount?: string | undefined;
  /** Permissions of IAM, each once. */
  permissions: readonly string[];
  /** What a permission was denied on, as Google writes it. */
  resource?: string | undefined;
  /** Resource name of a key of Cloud KMS. */
  key?: string | undefined;
  /** Quota metrics, such as `aiplatform.googleapis.com/custom_model_training_tpu_v3`. */
  quotas: readonly string[];
  /** Under which the audit log has what VPC Service Controls refused. */
  perimeterId?: string | undefined;
  /** Digits. */
  projectNumber?: string | undefined;
}

const API =
  /\/apis?\/(?:api\/|library\/)?([a-z0-9-]+\.googleapis\.com)|(?:service:? "?|API \[?)([a-z0-9-]+\.googleapis\.com)/;
/** APIs whose title alone is named; the host is Google's, https://cloud.google.com/apis/docs/overview. */
const API_TITLES: Readonly<Record<string, string>> = {
  'Vertex AI API': 'aiplatform.googleapis.com',
  'Agent Platform API': 'aiplatform.googleapis.com',
  'Compute Engine API': 'compute.googleapis.com',
  'Cloud Storage JSON API': 'storage.googleapis.com',
  'Cloud Storage API': 'storage.googleapis.com',
  'Cloud Firestore API': 'firestore.googleapis.com',
  'Cloud Pub/Sub API': 'pubsub.googleapis.com',
  'Artifact Registry API': 'artifactregistry.googleapis.com',
  'Notebooks API': 'notebooks.googleapis.com',
};
const BUCKET =
  /(?:\bgs:\/\/|\/buckets\/|\bbucket[:\s]+[`'"\\]*)(?!that\b|owned\b|or\b|and\b)([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])/;
const SERVICE_ACCOUNT = /[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\.gserviceaccount\.com/;
const PERMISSION = /\b[a-z]+(?:\.[a-zA-Z]+){2}\b(?!\.)/g;
/** Beginnings of the permissions that a tuning job, or who asks for one, needs. */
const PERMISSION_SERVICES = [
  'aiplatform',
  'artifactregistry',
  'cloudkms',
  'compute',
  'iam',
  'logging',
  'resourcemanager',
  'serviceusage',
  'storage',
];
const RESOURCE = /denied (?:on|for) (?:the )?resource:? ['"]?(?:\/\/[a-z.]+\/)?([^\s'"()]+\/[^\s'"()]+)/;
const KEY = /projects\/[^/\s'"]+\/locations\/[^/\s'"]+\/keyRings\/[^/\s'"]+\/cryptoKeys\/[^/\s'":.]+/;
const QUOTA = /\b[a-z]+\.googleapis\.com\/[a-z0-9_]+\b/g;
const PERIMETER_ID = /vpcServiceControlsUniqueIdentifier:? ?"?([\w-]+)/i;
const PROJECT_NUMBER = /(?:service-|projects\/|roject number: ?|\b)(\d{6,})(?=-compute@|@gcp-sa-|\/|,|$)/;

/** What a text of Google's names. */
export function namedIn(words: string): Named {
  return {
    api: apiIn(words),
    bucket: BUCKET.exec(words)?.[1],
    serviceAccount: SERVICE_ACCOUNT.exec(words)?.[0],
    permissions: [...new Set(words.match(PERMISSION))].filter(isPermission),
    resource: RESOURCE.exec(words)?.[1],
    key: KEY.exec(words)?.[0],
    quotas: [...new Set(words.match(QUOTA))],
    perimeterId: PERIMETER_ID.exec(words)?.[1],
    projectNumber: projectNumberIn(words),
  };
}

/** The project's number, where the words have it. */
export function projectNumberIn(text: string): string | undefined {
  return PROJECT_NUMBER.exec(text)?.[1];
}

function apiIn(words: string): string | undefined {
  const [, ofUrl, ofDetails] = API.exec(words) ?? [];
  const title = Object.keys(API_TITLES).find((one) => words.includes(one));
  return ofUrl ?? ofDetails ?? (title && API_TITLES[title]);
}

/** Hosts and addresses of Google's are written alike. */
function isPermission(found: string): boolean {
  const [service = '', resource = ''] = found.split('.');
  return PERMISSION_SERVICES.includes(service) && !/^g(?:oogleapis|serviceaccount)$/.test(resource);
}
