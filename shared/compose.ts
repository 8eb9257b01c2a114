import {
  createFirestore,
  createFirestoreProjectNotes,
  createFirestoreRunStore,
} from './adapters/firestore.ts';
import { createFirestoreJobDurations } from './adapters/firestore-durations.ts';
import { createFirestoreJobQueues } from './adapters/firestore-queues.ts';
import { createFirestoreIgnoredUploads } from './adapters/firestore-uploads.ts';
import { createObjectStore } from './adapters/gcs.ts';
import {
  createChangePublisher,
  createNoticePublisher,
  createPubSub,
  createPubSubPublisher,
} from './adapters/pubsub.ts';
import { withServiceErrors } from './adapters/service-errors.ts';
import { createVertexBackend } from './adapters/vertex/backend.ts';
import { createVertexClient } from './adapters/vertex/client.ts';
import { createProjectWarmUp } from './adapters/vertex/warm-up.ts';
import { createCatchUp } from './flows/catch-up.ts';
import { createOutbox } from './flows/outbox.ts';
import { createPostpone } from './flows/postpone.ts';
import { createRecord } from './flows/record.ts';
import { createWake } from './flows/wake.ts';
import type { Logger } from './ports.ts';
import { readConfig } from './runtime/config.ts';
import { logConsole } from './runtime/console-log.ts';
import { createLogger } from './runtime/logger.ts';

/** What every function is made of; each index.ts adds what it alone has. */

/** The log of a function, the only thing that writes to its output from then on. */
export function createFunctionLogger(component: string): Logger {
  const logger = createLogger(component, (line) => process.stdout.write(line));
  logConsole(globalThis.console, logger);
  return logger;
}

/** The services of a function, out of its environment. Throws ConfigError. */
export function composeServices(logger: Logger) {
  const config = readConfig();
  const { project, firestoreDatabase, resultsBucket } = config;
  const clock = { now: () => new Date() };
  const firestore = createFirestore(project, firestoreDatabase);
  const asked = { project, account: config.serviceAccount };
  const inDatabase = { ...asked, service: 'firestore', resource: firestoreDatabase } as const;
  const runs = withServiceErrors(createFirestoreRunStore(firestore, { logger }), inDatabase);
  const queues = withServiceErrors(createFirestoreJobQueues(firestore, { logger }), inDatabase);
  const objects = createObjectStore(project);
  const pubsub = createPubSub(project, config.pubsubEmulator);
  const changes = createChangePublisher(pubsub, asked);
  const database = { project, database: firestoreDatabase };
  const outbox = createOutbox({ runs, changes, database, logger });
  const console = { console: config.consoleUrl, project };
  const areExamplesShown = !config.limits.areTextsHidden;
  const { version, retryScale, maximumWaitMs } = config;
  const catchUp = createCatchUp({ runs, objects, clock, logger, resultsBucket, maximumWaitMs });
  const record = createRecord({
    ...{ runs, objects, outbox, clock, logger, resultsBucket, console, catchUp, areExamplesShown },
  });
  const postpone = createPostpone({ record, clock, logger, version, retryScale });
  const publisher = createPubSubPublisher(pubsub, asked);
  const notices = createNoticePublisher(pubsub, asked);
  const durations = withServiceErrors(createFirestoreJobDurations(firestore, { logger }), inDatabase);
  const ignoredUploads = withServiceErrors(createFirestoreIgnoredUploads(firestore), inDatabase);
  const wake = createWake({ publisher, logger });
  return {
    ...{ config, clock, logger, firestore, inDatabase, runs, queues, objects },
    ...{ outbox, record, catchUp, postpone, publisher, wake, notices, database, durations },
    ignoredUploads,
  };
}

export type FunctionServices = ReturnType<typeof composeServices>;

/** What the functions that talk to Vertex AI have besides. */
export function composeTuning({ config, firestore, inDatabase, clock }: FunctionServices) {
  const { project, retryScale, vertexEndpoint, resultsBucket } = config;
  const { maxActiveJobs, maximumWaitMs, maxTuningHours } = config;
  const vertex = createVertexClient(vertexEndpoint);
  const notes = withServiceErrors(createFirestoreProjectNotes(firestore), inDatabase);
  const warmUp = config.warmUpProject ? createProjectWarmUp({ vertex, notes, project, clock }) : undefined;
  const backend = createVertexBackend(vertex, project);
  const limits = { maxActiveJobs, maximumWaitMs, maxTuningHours };
  return { vertex, backend, warmUp, retryScale, vertexEndpoint, resultsBucket, ...limits };
}
