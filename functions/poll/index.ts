import { http } from '@google-cloud/functions-framework';
import {
  createFirestore,
  createFirestoreProjectNotes,
  createFirestoreRunStore,
} from '../../shared/adapters/firestore.ts';
import { createObjectStore } from '../../shared/adapters/gcs.ts';
import { createPubSubPublisher } from '../../shared/adapters/pubsub.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { createModelRegistry } from '../../shared/adapters/vertex/models.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { createProjectWarmUp } from '../../shared/adapters/vertex/warm-up.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { once } from '../../shared/runtime/once.ts';
import { createPollHandler } from './handler.ts';

const logger = createLogger('poll', (line) => process.stdout.write(line));

const tick = once(() => {
  const config = readConfig();
  const { project, resultsBucket, vertexEndpoint, retryScale, maxActiveJobs } = config;
  const clock = { now: () => new Date() };
  const firestore = createFirestore(project, config.firestoreDatabase);
  const runs = createFirestoreRunStore(firestore);
  const objects = createObjectStore(project);
  const record = createRecord({
    ...{ runs, objects, clock, logger, resultsBucket },
    console: { console: config.consoleUrl, project },
  });
  const publisher = createPubSubPublisher(project);
  const vertex = createVertexClient(vertexEndpoint);
  const backend = createPipelineJobsBackend(vertex, project);
  const notes = createFirestoreProjectNotes(firestore);
  const warmUp = config.warmUpProject ? createProjectWarmUp({ vertex, notes, project, clock }) : undefined;
  return createPollHandler({
    ...{ runs, record, publisher, backend, clock, logger, retryScale, maxActiveJobs, warmUp, vertexEndpoint },
    metrics: createTensorboardReader(vertex),
    models: createModelRegistry(vertex),
  });
});

http('poll', async (_request, response) => {
  await tick()();
  response.status(204).end();
});
