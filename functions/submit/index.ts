import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import {
  createFirestore,
  createFirestoreProjectNotes,
  createFirestoreRunStore,
} from '../../shared/adapters/firestore.ts';
import { createObjectStore } from '../../shared/adapters/gcs.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createProjectWarmUp } from '../../shared/adapters/vertex/warm-up.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { decodeRunMessage } from '../../shared/runtime/events.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { once } from '../../shared/runtime/once.ts';
import { createSubmitHandler } from './handler.ts';

const logger = createLogger('submit', (line) => process.stdout.write(line));

const handler = once(() => {
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
  const vertex = createVertexClient(vertexEndpoint);
  const backend = createPipelineJobsBackend(vertex, project);
  const notes = createFirestoreProjectNotes(firestore);
  const warmUp = config.warmUpProject ? createProjectWarmUp({ vertex, notes, project, clock }) : undefined;
  const submit = createSubmitHandler({
    ...{ runs, record, backend, clock, logger, retryScale, maxActiveJobs, warmUp },
  });
  return withBoundary((event: CloudEvent<unknown>) => submit(decodeRunMessage(event), event.id), logger);
});

cloudEvent('submit', (event: CloudEvent<unknown>) => handler()(event));
