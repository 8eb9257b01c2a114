import {
  createFirestore,
  createFirestoreProjectNotes,
  createFirestoreRunStore,
} from './adapters/firestore.ts';
import { createObjectStore } from './adapters/gcs.ts';
import { createChangePublisher, createPubSub, createPubSubPublisher } from './adapters/pubsub.ts';
import { withServiceErrors } from './adapters/service-errors.ts';
import { createVertexClient } from './adapters/vertex/client.ts';
import { createPipelineJobsBackend } from './adapters/vertex/pipeline-jobs.ts';
import { createProjectWarmUp } from './adapters/vertex/warm-up.ts';
import { createRecord } from './flows/record.ts';
import { createTeller } from './flows/tell.ts';
import type { Logger } from './ports.ts';
import { readConfig } from './runtime/config.ts';
import { createLogger } from './runtime/logger.ts';

/** What every function is made of; each index.ts adds what it alone has. */

export function createFunctionLogger(component: string): Logger {
  return createLogger(component, (line) => process.stdout.write(line));
}

/** The world of a function, out of its environment. Throws ConfigError. */
export function composeWorld(logger: Logger) {
  const config = readConfig();
  const { project, firestoreDatabase, resultsBucket } = config;
  const clock = { now: () => new Date() };
  const firestore = createFirestore(project, firestoreDatabase);
  const asked = { project, account: config.serviceAccount };
  const inDatabase = { ...asked, service: 'firestore', resource: firestoreDatabase } as const;
  const runs = withServiceErrors(createFirestoreRunStore(firestore), inDatabase);
  const objects = createObjectStore(project);
  const pubsub = createPubSub(project);
  const changes = createChangePublisher(pubsub, asked);
  const database = { project, database: firestoreDatabase };
  const teller = createTeller({ runs, changes, database, logger });
  const console = { console: config.consoleUrl, project };
  const record = createRecord({ runs, objects, teller, clock, logger, resultsBucket, console });
  return {
    ...{ config, clock, logger, firestore, inDatabase, runs, objects, teller, record },
    publisher: createPubSubPublisher(pubsub, asked),
  };
}

export type FunctionWorld = ReturnType<typeof composeWorld>;

/** What the functions that talk to Vertex AI have besides. */
export function composeTuning({ config, firestore, inDatabase, clock }: FunctionWorld) {
  const { project, retryScale, maxActiveJobs, vertexEndpoint } = config;
  const vertex = createVertexClient(vertexEndpoint);
  const notes = withServiceErrors(createFirestoreProjectNotes(firestore), inDatabase);
  const warmUp = config.warmUpProject ? createProjectWarmUp({ vertex, notes, project, clock }) : undefined;
  const backend = createPipelineJobsBackend(vertex, project);
  return { vertex, backend, warmUp, retryScale, maxActiveJobs, vertexEndpoint };
}
