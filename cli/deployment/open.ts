import type { Context } from '../command-line/command.ts';
import { type CallApi, createCall } from './call.ts';
import { googleCredentials, localCredentials } from './credentials.ts';
import { createDocuments, type RestDocuments } from './documents.ts';
import { type FoundDeployment, findDeployment } from './find.ts';
import type { DeploymentFlags } from './flags.ts';
import { createObjects, type Objects } from './objects.ts';
import { createRuns, type Runs } from './runs.ts';

/** A deployment, and what reads it. */
export interface OpenDeployment {
  deployment: FoundDeployment;
  call: CallApi;
  documents: RestDocuments;
  runs: Runs;
  objects(): Objects;
}

/** Finds the deployment that is meant; nothing is called before something is asked for. Throws where there is none. */
export function openDeployment(
  flags: DeploymentFlags,
  { folder, environment }: Pick<Context, 'folder' | 'environment'>,
): OpenDeployment {
  const deployment = findDeployment(flags, { folder, environment });
  const call = createCall(deployment.local ? localCredentials : googleCredentials());
  const documents = createDocuments(call, deployment);
  const runs = createRuns(documents, deployment.inbox);
  return { deployment, call, documents, runs, objects: () => createObjects(call, deployment.local) };
}

/** Which one it is, in a line for the reader. */
export function deploymentLine({ project, foundBy, local }: FoundDeployment): string {
  return local ? `${project}, on this machine (${foundBy})` : `${project} (${foundBy})`;
}
