import { http } from '@google-cloud/functions-framework';
import { createFirestoreDeploymentNotes } from '../../shared/adapters/firestore-deployment.ts';
import { createFirestoreTunedModels } from '../../shared/adapters/firestore-models.ts';
import { createFirestoreSpending } from '../../shared/adapters/firestore-spending.ts';
import { waitAtMost } from '../../shared/adapters/retry.ts';
import { withServiceErrors } from '../../shared/adapters/service-errors.ts';
import { createModelRegistry } from '../../shared/adapters/vertex/models.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { composeServices, composeTuning, createFunctionLogger } from '../../shared/compose.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { createPollHandler } from './handler.ts';

const logger = createFunctionLogger('poll');

const handler = () => {
  const services = composeServices(logger);
  const tuning = composeTuning(services);
  const { vertex } = tuning;
  const metrics = createTensorboardReader(vertex);
  const models = createModelRegistry(vertex);
  const { firestore, inDatabase, config } = services;
  const tunedModels = withServiceErrors(createFirestoreTunedModels(firestore, { logger }), inDatabase);
  const deployment = withServiceErrors(createFirestoreDeploymentNotes(firestore), inDatabase);
  const spending = withServiceErrors(createFirestoreSpending(firestore, { logger }), inDatabase);
  return createPollHandler({
    ...{ ...services, ...tuning, metrics, models, tunedModels, deployment, spending, waitAtMost },
    budget: {
      capUsd: config.maxFolderUsdAMonth,
      runsADay: config.maxFolderRunsADay,
      unknownPrices: config.limits.unknownPrices ?? 'hold',
    },
    prices: config.limits.prices,
    inboxBucket: config.inboxBucket,
    maxUnwantedJobs: config.maxUnwantedJobs,
    unnamedDataMs: config.unnamedDataMs,
  });
};

const tick = withBoundary(handler, logger);

http('poll', async (request, response) => {
  // What a browser or a crawler fetches must do nothing: Cloud Scheduler posts.
  if (request.method !== 'POST') return void response.set('Allow', 'POST').status(405).end();
  await tick(undefined);
  response.status(204).end();
});
