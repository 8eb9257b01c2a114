import topology from '../../functions/functions.json' with { type: 'json' };
import type { FoundDeployment } from '../deployment/find.ts';
import { type Deployed, deployedIn, type Names } from './deployed.ts';
import { type GoogleAnswer, mapAnswer, type Policy, type ReadGoogle } from './google.ts';
import { CONDITIONS_TOO, numberInShell, RESOURCES } from './resources.ts';
import { policyKey, type RightsFacts } from './rights.ts';

/** cloud.google.com/storage/docs/json_api/v1/buckets#resource */
export interface BucketFacts {
  /** In capitals. */
  location: string;
  encryption?: { defaultKmsKeyName?: string };
}

/** cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#resource:-function */
export interface FunctionFacts {
  /** Full name. */
  name: string;
  state: string;
  labels?: Record<string, string>;
  eventTrigger?: {
    triggerRegion?: string;
    eventFilters?: { attribute: string; value: string }[];
  };
  serviceConfig?: { serviceAccountEmail?: string; environmentVariables?: Record<string, string> };
}

/** cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups.indexes#resource:-index */
export interface IndexFacts {
  state: string;
  fields: { fieldPath: string; order?: string; arrayConfig?: string }[];
}

/** cloud.google.com/docs/quotas/reference/rest/v1/projects.locations.services.quotaInfos#resource:-quotainfo */
export interface QuotaFacts {
  quotaId: string;
  quotaDisplayName?: string;
  metricDisplayName?: string;
  dimensionsInfos?: {
    dimensions?: Record<string, string>;
    details?: { value?: string };
    applicableLocations?: string[];
  }[];
}

/** All that could be read of a deployment. */
export interface Facts {
  names: Names;
  deployed: Deployed;
  number: GoogleAnswer<string>;
  /** Enabled or not, by the names of the APIs. */
  apis: GoogleAnswer<Map<string, boolean>>;
  buckets: { inbox: GoogleAnswer<BucketFacts>; results: GoogleAnswer<BucketFacts> };
  functions: GoogleAnswer<FunctionFacts[]>;
  /** Of the job of Cloud Scheduler, by the function that it calls. */
  schedules: Map<string, GoogleAnswer<{ state: string }>>;
  rights: RightsFacts;
  /** By full names. */
  tensorboards: Map<string, GoogleAnswer<object>>;
  quotas: GoogleAnswer<QuotaFacts[]>;
  database: GoogleAnswer<object>;
  /** By collections. */
  indexes: Map<string, GoogleAnswer<IndexFacts[]>>;
}

/** Reads everything that a deployment is held against; nothing is written. */
export async function readDeployment(read: ReadGoogle, deployment: FoundDeployment): Promise<Facts> {
  const { project, region, inbox, results, database } = deployment;
  const bucket = (name: string) =>
    read<BucketFacts>({ host: 'storage.googleapis.com', path: `storage/v1/b/${name}` });
  const [described, inboxFacts, resultsFacts] = await Promise.all([
    read<{ name: string }>({ host: 'cloudresourcemanager.googleapis.com', path: `v3/projects/${project}` }),
    bucket(inbox),
    bucket(results),
  ]);
  const number = mapAnswer(described, ({ name }) => name.split('/').at(-1) ?? '');
  const names: Names = {
    ...{ project, region, inbox, results, database },
    number: number.kind === 'seen' ? number.value : numberInShell(project),
    key: inboxFacts.kind === 'seen' ? (inboxFacts.value.encryption?.defaultKmsKeyName ?? '') : '',
  };
  const deployed = deployedIn(names);
  const functions = await readFunctions(read, project);
  const firestore = `v1/projects/${project}/databases/${database}`;
  const collections = [...new Set(topology.indexes.map(({ collection }) => collection))];
  const [apis, rights, schedules, tensorboards, quotas, databaseFacts, indexes] = await Promise.all([
    readApis(read, names, deployed),
    readRights(read, names, deployed),
    readEach(SCHEDULED, (name) =>
      read<{ state: string }>({
        host: 'cloudscheduler.googleapis.com',
        path: `v1/projects/${project}/locations/${region}/jobs/${name}`,
      }),
    ),
    readEach(tensorboardsOf(functions), (name) =>
      read<object>({ host: `${name.split('/')[3]}-aiplatform.googleapis.com`, path: `v1/${name}` }),
    ),
    readQuotas(read, project),
    read<object>({ host: 'firestore.googleapis.com', path: firestore }),
    readEach(collections, async (collection) =>
      mapAnswer(
        await read<{ indexes?: IndexFacts[] }>({
          host: 'firestore.googleapis.com',
          path: `${firestore}/collectionGroups/${collection}/indexes`,
        }),
        ({ indexes = [] }) => indexes,
      ),
    ),
  ]);
  return {
    ...{ names, deployed, number, apis, functions, schedules, rights, tensorboards, quotas, indexes },
    buckets: { inbox: inboxFacts, results: resultsFacts },
    database: databaseFacts,
  };
}

/** Why nothing can be said of a project: neither it nor what it has could be read. Undefined where something could. */
export function blindness({ names: { project }, number, apis, functions }: Facts): string | undefined {
  if ([number, apis, functions].some(({ kind }) => kind === 'seen')) return undefined;
  const why = number.kind === 'refused' ? number.why : 'Google knows none of that name.';
  return (
    `Nothing of the project ${project} could be read: ${why} If that is its name, an administrator gives you what this reads: ` +
    `gcloud projects add-iam-policy-binding ${project} --member=user:YOU --role=roles/viewer, and the same with roles/iam.securityReviewer.`
  );
}

/** Functions that a schedule calls. */
const SCHEDULED = Object.entries(topology.functions)
  .filter(([, { triggers }]) => triggers.some(({ kind }) => kind === 'schedule'))
  .map(([name]) => name);

async function readFunctions(read: ReadGoogle, project: string): Promise<GoogleAnswer<FunctionFacts[]>> {
  const path = `v2/projects/${project}/locations/-/functions?pageSize=1000`;
  const answer = await read<{ functions?: FunctionFacts[] }>({ host: 'cloudfunctions.googleapis.com', path });
  return mapAnswer(answer, ({ functions = [] }) => functions);
}

/** The TensorBoards that the deployment's functions are told. */
function tensorboardsOf(functions: GoogleAnswer<FunctionFacts[]>): string[] {
  if (functions.kind !== 'seen') return [];
  const named = functions.value.flatMap(
    ({ serviceConfig }) => serviceConfig?.environmentVariables?.DEFAULT_TENSORBOARDS?.split(',') ?? [],
  );
  return [...new Set(named.filter((name) => name !== ''))];
}

async function readApis(read: ReadGoogle, { project }: Names, { apis }: Deployed) {
  const asked = apis.map(({ api }) => `names=projects/${project}/services/${api}`).join('&');
  const answer = await read<{ services?: { name: string; state: string }[] }>({
    host: 'serviceusage.googleapis.com',
    path: `v1/projects/${project}/services:batchGet?${asked}`,
  });
  return mapAnswer(
    answer,
    ({ services = [] }) =>
      new Map(services.map(({ name, state }) => [name.split('/').at(-1) ?? '', state === 'ENABLED'])),
  );
}

async function readRights(
  read: ReadGoogle,
  names: Names,
  { bindings, roles }: Deployed,
): Promise<RightsFacts> {
  const { project } = names;
  const wanted = new Map(
    bindings.filter(({ part }) => part !== 'key' || names.key !== '').map((one) => [policyKey(one), one]),
  );
  const [policies, permissions, above] = await Promise.all([
    readEach([...wanted.keys()], async (key) => {
      const one = wanted.get(key);
      return one ? read<Policy>(RESOURCES[one.kind].policy(one.on, names)) : { kind: 'absent' as const };
    }),
    readEach(Object.keys(roles), async (id) =>
      mapAnswer(
        await read<{ includedPermissions?: string[] }>({
          host: 'iam.googleapis.com',
          path: `v1/projects/${project}/roles/${id}`,
        }),
        ({ includedPermissions = [] }) => includedPermissions,
      ),
    ),
    readAbove(read, project),
  ]);
  return { policies, roles: permissions, above };
}

/** Policies of the folders and the organisation that the project is in. */
async function readAbove(read: ReadGoogle, project: string): Promise<RightsFacts['above']> {
  const host = 'cloudresourcemanager.googleapis.com';
  const ancestry = await read<{ ancestor?: { resourceId: { type: string; id: string } }[] }>({
    ...{ method: 'POST', host, path: `v1/projects/${project}:getAncestry` },
  });
  if (ancestry.kind !== 'seen') return ancestry;
  const names = (ancestry.value.ancestor ?? [])
    .filter(({ resourceId }) => resourceId.type !== 'project')
    .map(({ resourceId: { type, id } }) => `${type}s/${id}`);
  const policies = await readEach(names, (name) =>
    read<Policy>({ ...{ method: 'POST', host, path: `v3/${name}:getIamPolicy` }, body: CONDITIONS_TOO }),
  );
  return { kind: 'seen', value: Object.fromEntries(policies) };
}

async function readQuotas(read: ReadGoogle, project: string): Promise<GoogleAnswer<QuotaFacts[]>> {
  const found: QuotaFacts[] = [];
  let token = '';
  do {
    const path = `v1/projects/${project}/locations/global/services/aiplatform.googleapis.com/quotaInfos?pageSize=1000${token}`;
    const page = await read<{ quotaInfos?: QuotaFacts[]; nextPageToken?: string }>({
      ...{ host: 'cloudquotas.googleapis.com', path },
    });
    if (page.kind !== 'seen') return page;
    found.push(...(page.value.quotaInfos ?? []));
    token = page.value.nextPageToken ? `&pageToken=${encodeURIComponent(page.value.nextPageToken)}` : '';
  } while (token !== '');
  return { kind: 'seen', value: found };
}

async function readEach<T>(
  names: readonly string[],
  one: (name: string) => Promise<T>,
): Promise<Map<string, T>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await one(name)] as const)));
}
