import { findDeploymentFile } from './file.ts';
import type { DeploymentFlags } from './flags.ts';
import { type RunningCloud, runningClouds } from './running-clouds.ts';

/** Where a deployment is, or the embedded cloud. */
export interface FoundDeployment {
  project: string;
  inbox: string;
  results: string;
  database: string;
  region: string;
  /** What of the flags, the folder, the environment and the machine says so, for the reader. */
  foundBy: string;
  /** Origins of services on this machine, in place of Google's; undefined for a deployment in Google Cloud. */
  local?: LocalOrigins | undefined;
  /** Address of the live page of the embedded cloud, with a slash at its end. */
  page?: string | undefined;
}

/** `http://HOST:PORT` of each; empty where nobody says it. */
export interface LocalOrigins {
  storage: string;
  firestore: string;
  vertex: string;
  /** Of what stands in for Google's administration of projects, with the host as the first part of a path. */
  administration: string;
}

export interface Surroundings {
  /** The folder that the person is in. */
  folder: string;
  environment: Record<string, string | undefined>;
}

const NOTHING =
  'No deployment was found: there is no --project, no tunedrop.json in this folder or above it, no GOOGLE_CLOUD_PROJECT, and no embedded cloud runs. Name one with --project PROJECT, or start one with npm start.';

/**
 * The deployment that is meant. What a flag says is so; else the emulators that the environment names, so that nothing reaches Google
 * Cloud by mistake where they are set; then tunedrop.json, the project of the environment, and the embedded cloud that runs.
 */
export function findDeployment(flags: DeploymentFlags, surroundings: Surroundings): FoundDeployment {
  const found = seekDeployment(flags, surroundings);
  if (found === undefined) throw new Error(NOTHING);
  return found;
}

/** The same where it is no mistake that there is none. */
export function seekDeployment(
  flags: DeploymentFlags,
  { folder, environment }: Surroundings,
): FoundDeployment | undefined {
  const clouds = runningClouds(environment);
  const found =
    byFlag(flags, { folder, clouds }) ??
    byEmulators(environment, clouds) ??
    byFile(folder) ??
    byProject(environment) ??
    clouds.slice(0, 1).map(ofCloud)[0];
  return (
    found && {
      ...found,
      inbox: flags.bucket ?? found.inbox,
      database: flags.database ?? found.database,
      region: flags.region ?? found.region,
    }
  );
}

function byFlag(
  { project }: DeploymentFlags,
  { folder, clouds }: { folder: string; clouds: readonly RunningCloud[] },
): FoundDeployment | undefined {
  if (project === undefined) return undefined;
  const cloud = clouds.find((one) => one.project === project);
  if (cloud) return ofCloud(cloud);
  const file = byFile(folder);
  return file?.project === project ? file : namedAfter(project, '--project');
}

function byEmulators(
  environment: Surroundings['environment'],
  clouds: readonly RunningCloud[],
): FoundDeployment | undefined {
  const { STORAGE_EMULATOR_HOST: storage, FIRESTORE_EMULATOR_HOST: firestore } = environment;
  if (!storage && !firestore) return undefined;
  const project = environment.GOOGLE_CLOUD_PROJECT || 'tunedrop-local';
  const cloud = clouds.find(
    (one) => one.project === project && one.environment.FIRESTORE_EMULATOR_HOST === firestore,
  );
  return {
    ...namedAfter(project, storage ? 'STORAGE_EMULATOR_HOST' : 'FIRESTORE_EMULATOR_HOST'),
    database: '(default)',
    local: originsOf({ ...cloud?.environment, ...defined(environment) }),
    page: cloud?.page,
  };
}

function byFile(folder: string): FoundDeployment | undefined {
  const found = findDeploymentFile(folder);
  return found && { ...found.content, foundBy: found.file };
}

function byProject({
  GOOGLE_CLOUD_PROJECT: project,
}: Surroundings['environment']): FoundDeployment | undefined {
  return project ? namedAfter(project, 'GOOGLE_CLOUD_PROJECT') : undefined;
}

/** As terraform/ names what it makes, where no variable says otherwise. */
function namedAfter(project: string, foundBy: string): FoundDeployment {
  return {
    project,
    inbox: `${project}-inbox`,
    results: `${project}-results`,
    database: 'tunedrop',
    region: 'us-central1',
    foundBy,
  };
}

function ofCloud({ project, inbox, results, environment, page, dataDir }: RunningCloud): FoundDeployment {
  return {
    ...{ project, inbox, results, page },
    ...{ database: '(default)', region: 'us-central1' },
    local: originsOf(environment),
    foundBy: `npm start, which keeps its state in ${dataDir}`,
  };
}

function originsOf(environment: Surroundings['environment']): LocalOrigins {
  const { STORAGE_EMULATOR_HOST = '', FIRESTORE_EMULATOR_HOST = '', VERTEX_AI_ENDPOINT = '' } = environment;
  const { ADMINISTRATION_ENDPOINT = '' } = environment;
  return {
    storage: withScheme(STORAGE_EMULATOR_HOST),
    firestore: withScheme(FIRESTORE_EMULATOR_HOST),
    vertex: withScheme(VERTEX_AI_ENDPOINT),
    administration: withScheme(ADMINISTRATION_ENDPOINT),
  };
}

const withScheme = (address: string) =>
  address === '' || /^https?:/.test(address) ? address.replace(/\/$/, '') : `http://${address}`;

const defined = (environment: Surroundings['environment']) =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
