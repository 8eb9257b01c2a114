import { http } from '@google-cloud/functions-framework';
import { createFirestore, createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createObjectStore } from '../../shared/adapters/gcs.ts';
import { createPubSubPublisher } from '../../shared/adapters/pubsub.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { once } from '../../shared/runtime/once.ts';
import { createPollHandler } from './handler.ts';

const logger = createLogger('poll', (line) => process.stdout.write(line));

const tick = once(() => {
  const { project, firestoreDatabase, resultsBucket, vertexEndpoint, retryScale, consoleUrl } = readConfig();
  const clock = { now: () => new Date() };
  const runs = createFirestoreRunStore(createFirestore(project, firestoreDatabase));
  const objects = createObjectStore(project);
  const record = createRecord({
    runs,
    objects,
    clock,
    logger,
    resultsBucket,
    console: { console: consoleUrl, project },
  });
  const publisher = createPubSubPublisher(project);
  const backend = createPipelineJobsBackend(createVertexClient(vertexEndpoint), project);
  return createPollHandler({ runs, record, publisher, backend, clock, logger, retryScale });
});

http('poll', async (_request, response) => {
  await tick()();
  response.status(204).end();
});
