import topology from '../../functions/functions.json' with { type: 'json' };
import type { Facts, IndexFacts, QuotaFacts } from './facts.ts';
import type { Finding, Health } from './findings.ts';

/** Quotas that a job needs, as Google calls them: docs/operations.md, "Quotas to ask for". */
const QUOTAS: readonly { named: RegExp; inShort: string; region?: string; takes: number }[] = [
  { named: /global concurrent tuning jobs/i, inShort: 'Gemini tuning jobs at once', takes: 1 },
  {
    named: /concurrent managed oss model fine-tuning jobs/i,
    inShort: 'open-model tuning jobs at once',
    takes: 1,
  },
  {
    named: /restricted image training nvidia a100 80gb gpus/i,
    inShort: 'A100 80 GB of the guide’s models',
    region: 'us-central1',
    takes: 8,
  },
  {
    named: /restricted image training tpu v3 pod/i,
    inShort: 'TPU v3 cores of the guide’s models',
    region: 'europe-west4',
    takes: 64,
  },
];

/** Room for jobs. A quota that Google does not list is left out: nothing is known of it. */
export function quotaFindings({ quotas, names: { project } }: Facts): Finding[] {
  const list = `gcloud beta quotas info list --service=aiplatform.googleapis.com --project=${project}`;
  if (quotas.kind !== 'seen') {
    const why = quotas.kind === 'refused' ? quotas.why : 'Google says that there are none.';
    return [finding('Quota', 'not seen', `The quotas of Vertex AI could not be read: ${why}`, list)];
  }
  const found = QUOTAS.flatMap((row) => quotaFinding(row, { project, quotas: quotas.value }));
  if (found.length > 0) return found;
  return [finding('Quota', 'not seen', 'Google lists none of the quotas that jobs need.', list)];
}

function quotaFinding(
  { named, inShort, region, takes }: (typeof QUOTAS)[number],
  { project, quotas }: { project: string; quotas: readonly QuotaFacts[] },
): Finding[] {
  const quota = quotas.find((one) => named.test(`${one.quotaDisplayName} ${one.metricDisplayName}`));
  const value = quota && limitIn(quota, region);
  if (quota === undefined || value === undefined) return [];
  const where = region === undefined ? '' : ` in ${region}`;
  // cloud.google.com/docs/quotas/quota-types: -1 is without a limit.
  const limit = value === -1 ? Number.POSITIVE_INFINITY : value;
  if (limit >= takes)
    return [
      finding(
        'Quota',
        'ok',
        `${inShort}${where}: ${value === -1 ? 'no limit' : value}; a job takes ${takes}.`,
      ),
    ];
  const dimensions = region === undefined ? '' : ` --dimensions=region=${region}`;
  return [
    finding(
      'Quota',
      'missing',
      `${inShort}${where}: ${value}, and a job takes ${takes}. Google answers a request in days.`,
      `gcloud beta quotas preferences create --service=aiplatform.googleapis.com --project=${project} --quota-id=${quota.quotaId} --preferred-value=${takes}${dimensions}`,
    ),
  ];
}

/** Of one region, where the quota has regions; undefined where nobody says it. */
function limitIn({ dimensionsInfos = [] }: QuotaFacts, region: string | undefined): number | undefined {
  const info =
    dimensionsInfos.find(({ dimensions }) => region !== undefined && dimensions?.region === region) ??
    dimensionsInfos.find(
      ({ dimensions = {}, applicableLocations }) =>
        Object.keys(dimensions).length === 0 &&
        (region === undefined || (applicableLocations?.includes(region) ?? true)),
    );
  const value = Number(info?.details?.value);
  return info?.details?.value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Where jobs send metrics whose manifest names no TensorBoard. */
export function tensorboardFindings({ tensorboards, functions, names: { project } }: Facts): Finding[] {
  const say = (health: Health, says: string, command?: string) =>
    finding('TensorBoard', health, says, command);
  if (functions.kind !== 'seen')
    return [
      say(
        'not seen',
        'Which TensorBoard the deployment names stands in its functions, which could not be read.',
        `gcloud functions describe poll --v2 --project=${project} --format='value(serviceConfig.environmentVariables.DEFAULT_TENSORBOARDS)'`,
      ),
    ];
  if (tensorboards.size === 0)
    return [say('ok', 'The deployment names no TensorBoard: manifests name their own.')];
  return [...tensorboards].map(([name, answer]) => {
    const region = name.split('/')[3] ?? '';
    const id = name.split('/').at(-1);
    if (answer.kind === 'seen') return say('ok', `The TensorBoard ${id} in ${region} is there.`);
    if (answer.kind === 'absent')
      return say(
        'missing',
        `There is no TensorBoard ${name}. After it is made, its name goes into allowed_tensorboards, or Terraform makes one: tensorboard_regions.`,
        `gcloud ai tensorboards create --display-name=tunedrop --region=${region} --project=${project}`,
      );
    return say(
      'not seen',
      `The TensorBoard ${id} in ${region} could not be read: ${answer.why}`,
      `gcloud ai tensorboards describe ${id} --region=${region} --project=${project}`,
    );
  });
}

/** The database of the documents, and what people may ask of it. */
export function firestoreFindings({ database, indexes, names }: Facts): Finding[] {
  const say = (health: Health, says: string, command?: string) => finding('Firestore', health, says, command);
  const { project, database: name, region } = names;
  const where = `--database='${name}' --project=${project}`;
  if (database.kind === 'absent')
    return [
      say(
        'missing',
        `There is no database ${name}.`,
        `gcloud firestore databases create ${where} --location=${region} --type=firestore-native --delete-protection`,
      ),
    ];
  const own =
    database.kind === 'seen'
      ? say('ok', `The database ${name} is there.`)
      : say(
          'not seen',
          `The database ${name} could not be read: ${database.why}`,
          `gcloud firestore databases describe ${where}`,
        );
  const unread = [...indexes].flatMap(([collection, answer]) =>
    answer.kind === 'refused'
      ? [
          say(
            'not seen',
            `The indexes of ${collection} could not be read: ${answer.why}`,
            `gcloud firestore indexes composite list ${where}`,
          ),
        ]
      : [],
  );
  const wanted = topology.indexes.flatMap((index) => {
    const answer = indexes.get(index.collection);
    return answer === undefined || answer.kind === 'refused'
      ? []
      : [
          {
            index,
            found: answer.kind === 'seen' ? answer.value.find((one) => isIndex(one, index)) : undefined,
          },
        ];
  });
  const lacking = wanted
    .filter(({ found }) => found?.state !== 'READY')
    .map(({ index, found }) => {
      const called = `index of ${index.collection} by ${index.fields.map(({ path }) => path).join(', ')}`;
      if (found)
        return say(
          'not seen',
          `The ${called} is ${found.state}: queries need it READY.`,
          `gcloud firestore indexes composite list ${where}`,
        );
      return say('missing', `There is no ${called}.`, indexCommand(index, where));
    });
  const all =
    lacking.length === 0 && wanted.length > 0 ? [say('ok', `All ${wanted.length} indexes are ready.`)] : [];
  return [own, ...unread, ...lacking, ...all];
}

type Index = (typeof topology.indexes)[number];

/** Firestore lists the name of a document as the last field of each. */
function isIndex({ fields }: IndexFacts, wanted: Index): boolean {
  const own = fields.filter(({ fieldPath }) => fieldPath !== '__name__');
  return (
    own.length === wanted.fields.length &&
    own.every(({ fieldPath, order }, at) => {
      const field = wanted.fields[at];
      return field !== undefined && fieldPath === field.path && order === field.order;
    })
  );
}

function indexCommand({ collection, fields }: Index, where: string): string {
  const configs = fields.map(
    ({ path, order }) => `--field-config=field-path=${path},order=${order.toLowerCase()}`,
  );
  return `gcloud firestore indexes composite create ${where} --collection-group=${collection} ${configs.join(' ')}`;
}

const finding = (subject: Finding['subject'], health: Health, says: string, command?: string): Finding => ({
  subject,
  health,
  says,
  command,
});
