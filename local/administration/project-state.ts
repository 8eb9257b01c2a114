import { readFileSync } from 'node:fs';
import { LOCAL_PROJECT, TENSORBOARDS } from '../project.ts';

/** What is wrong with the project on purpose, so that whoever looks for it can be seen to find it. */
export type PlantedFault =
  | { kind: 'apiDisabled'; api: string }
  /** Of a member, and with `on` on that resource alone. */
  | { kind: 'roleMissing'; member: string; role: string; on?: string }
  | { kind: 'triggerElsewhere'; region: string };

/** The words that each kind needs. */
const NEEDED: Record<PlantedFault['kind'], readonly string[]> = {
  apiDisabled: ['api'],
  roleMissing: ['member', 'role'],
  triggerElsewhere: ['region'],
};

export const PLANTED_FAULTS = Object.keys(NEEDED);

export function isPlantedFault(value: unknown): value is PlantedFault {
  const fault = (value ?? {}) as Record<string, unknown>;
  const needed = Object.hasOwn(NEEDED, String(fault.kind))
    ? NEEDED[fault.kind as PlantedFault['kind']]
    : undefined;
  return needed?.every((name) => typeof fault[name] === 'string') ?? false;
}

interface Binding {
  kind: string;
  on: string;
  role: string;
  member: string;
  condition?: { title: string; expression: string };
  part?: string;
}

/** terraform/deployed.json, with the names of the project that the embedded cloud plays. */
interface DeployedProject {
  apis: { api: string; part?: string }[];
  accounts: Record<string, string>;
  roles: Record<string, string[]>;
  bindings: Binding[];
}

/** What of functions/functions.json a project shows. */
export interface ProjectTopology {
  indexes: readonly { collection: string; fields: readonly { path: string; order: string }[] }[];
  functions: Record<string, { triggers: readonly { kind: string; bucket?: string; eventType?: string }[] }>;
}

/** The settings of a project as Terraform leaves them, but for what is planted. */
export interface ProjectState {
  plant(fault: PlantedFault): void;
  planted(): readonly PlantedFault[];
  clear(): void;
  isEnabled(api: string): boolean;
  /** Undefined where there is no such resource. */
  policy(kind: string, on: string): object | undefined;
  permissions(role: string): string[] | undefined;
  functions(): object[];
  /** Names of the functions that a schedule calls. */
  scheduled(): string[];
  indexes(collection: string): object[];
}

export const REGION = 'us-central1';

const NAMES: Record<string, string> = {
  project: LOCAL_PROJECT.projectId,
  number: LOCAL_PROJECT.projectNumber,
  prefix: LOCAL_PROJECT.projectId,
  inbox: `${LOCAL_PROJECT.projectId}-inbox`,
  results: `${LOCAL_PROJECT.projectId}-results`,
  region: REGION,
  database: '(default)',
};

export function createProjectState({ indexes, functions }: ProjectTopology): ProjectState {
  const deployed = readDeployed();
  const faults: PlantedFault[] = [];
  const ofKind = <Kind extends PlantedFault['kind']>(kind: Kind) =>
    faults.filter((fault): fault is Extract<PlantedFault, { kind: Kind }> => fault.kind === kind);
  const isTakenAway = (binding: Binding) =>
    ofKind('roleMissing').some(
      ({ member, role, on = binding.on }) =>
        member === binding.member && role === binding.role && on === binding.on,
    );
  const version = versionLabel();

  return {
    plant: (fault) => void faults.push(fault),
    planted: () => [...faults],
    clear: () => void faults.splice(0),
    isEnabled: (api) =>
      deployed.apis.some((one) => one.api === api && one.part === undefined) &&
      !ofKind('apiDisabled').some((fault) => fault.api === api),
    policy(kind, on) {
      // A key of its own it has not.
      const own = deployed.bindings.filter((one) => one.kind === kind && one.on === on && one.part !== 'key');
      return own.length === 0 ? undefined : policyOf(own.filter((one) => !isTakenAway(one)));
    },
    permissions: (role) => deployed.roles[role],
    functions: () =>
      Object.entries(functions).map(([name, { triggers }]) => ({
        name: `projects/${NAMES.project}/locations/${REGION}/functions/${name}`,
        state: 'ACTIVE',
        labels: { 'tunedrop-version': version },
        eventTrigger: eventTriggerOf(triggers, ofKind('triggerElsewhere').at(-1)?.region ?? REGION),
        serviceConfig: {
          serviceAccountEmail: `tunedrop-${name}@${NAMES.project}.iam.gserviceaccount.com`,
          environmentVariables: { DEFAULT_TENSORBOARDS: TENSORBOARDS.join(',') },
        },
      })),
    scheduled: () =>
      Object.entries(functions)
        .filter(([, { triggers }]) => triggers.some(({ kind }) => kind === 'schedule'))
        .map(([name]) => name),
    indexes: (collection) =>
      indexes
        .filter((index) => index.collection === collection)
        .map(({ fields }) => ({
          queryScope: 'COLLECTION',
          state: 'READY',
          fields: [
            ...fields.map(({ path, order }) => ({ fieldPath: path, order })),
            { fieldPath: '__name__', order: fields.at(-1)?.order },
          ],
        })),
  };
}

function eventTriggerOf(triggers: ProjectTopology['functions'][string]['triggers'], triggerRegion: string) {
  const found = triggers.find(({ kind }) => kind === 'storage');
  if (found === undefined) return undefined;
  const eventFilters = [{ attribute: 'bucket', value: NAMES[found.bucket ?? ''] }];
  return { triggerRegion, eventType: found.eventType, eventFilters };
}

/** Members of one role under one condition stand together, as Google writes them. */
function policyOf(bindings: readonly Binding[]) {
  const grouped = Map.groupBy(bindings, ({ role, condition }) => JSON.stringify([role, condition]));
  return {
    version: 3,
    bindings: [...grouped.values()].flatMap((same) => {
      const [first] = same;
      return first
        ? [{ role: first.role, members: same.map(({ member }) => member), condition: first.condition }]
        : [];
    }),
  };
}

function readDeployed(): DeployedProject {
  const text = readFileSync(new URL('../../terraform/deployed.json', import.meta.url), 'utf8');
  return JSON.parse(text.replaceAll(/\{(\w+)\}/g, (place, name: string) => NAMES[name] ?? place));
}

function versionLabel(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(version).replaceAll('.', '-');
}
