import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { createFirestoreSpending } from '../../shared/adapters/firestore-spending.ts';
import { withServiceErrors } from '../../shared/adapters/service-errors.ts';
import { createModelAsker } from '../../shared/adapters/vertex/ask.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { composeServices, createFunctionLogger } from '../../shared/compose.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { decodeRunMessage } from '../../shared/runtime/events.ts';
import { createEvaluateHandler } from './handler.ts';

const logger = createFunctionLogger('evaluate');

const handler = () => {
  const services = composeServices(logger);
  const { version, retryScale, resultsBucket, vertexEndpoint } = services.config;
  const asker = createModelAsker(createVertexClient(vertexEndpoint));
  const { firestore, inDatabase } = services;
  const spending = withServiceErrors(createFirestoreSpending(firestore, { logger }), inDatabase);
  const evaluate = createEvaluateHandler({
    ...{ ...services, asker, spending, version, retryScale, resultsBucket },
  });
  return (event: CloudEvent<unknown>) => evaluate(decodeRunMessage(event), event.id);
};

cloudEvent('evaluate', withBoundary(handler, logger));
