import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { createFirestore, createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createObjectStore } from '../../shared/adapters/gcs.ts';
import { createPubSubPublisher } from '../../shared/adapters/pubsub.ts';
import { createRecord } from '../../shared/flows/record.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { once } from '../../shared/runtime/once.ts';
import { createValidateHandler } from './handler.ts';

const logger = createLogger('validate', (line) => process.stdout.write(line));

const handler = once(() => {
  const config = readConfig();
  const clock = { now: () => new Date() };
  const runs = createFirestoreRunStore(createFirestore(config.project, config.firestoreDatabase));
  const objects = createObjectStore(config.project);
  const record = createRecord({
    ...{ runs, objects, clock, logger },
    resultsBucket: config.resultsBucket,
    console: { console: config.consoleUrl, project: config.project },
  });
  const publisher = createPubSubPublisher(config.project);
  return withBoundary(
    createValidateHandler({ config, runs, objects, publisher, record, clock, logger }),
    logger,
  );
});

cloudEvent('validate', (event: CloudEvent<unknown>) => handler()(event));
