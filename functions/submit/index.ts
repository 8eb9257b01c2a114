import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { createFirestore, createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createObjectStore } from '../../shared/adapters/gcs.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { decodeRunMessage } from '../../shared/runtime/events.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { once } from '../../shared/runtime/once.ts';
import { createSubmitHandler } from './handler.ts';

const logger = createLogger('submit', (line) => process.stdout.write(line));

const handler = once(() => {
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
  const backend = createPipelineJobsBackend(createVertexClient(vertexEndpoint), project);
  const submit = createSubmitHandler({
    runs,
    record,
    backend,
    clock,
    logger,
    retryScale,
  });
  return withBoundary((event: CloudEvent<unknown>) => submit(decodeRunMessage(event), event.id), logger);
});

cloudEvent('submit', (event: CloudEvent<unknown>) => handler()(event));
