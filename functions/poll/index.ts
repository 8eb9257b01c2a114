import { http } from '@google-cloud/functions-framework';
import { createModelRegistry } from '../../shared/adapters/vertex/models.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { composeTuning, composeWorld, createFunctionLogger } from '../../shared/compose.ts';
import { once } from '../../shared/runtime/once.ts';
import { createPollHandler } from './handler.ts';

const logger = createFunctionLogger('poll');

const tick = once(() => {
  const world = composeWorld(logger);
  const tuning = composeTuning(world);
  const { vertex } = tuning;
  const metrics = createTensorboardReader(vertex);
  return createPollHandler({ ...world, ...tuning, metrics, models: createModelRegistry(vertex) });
});

http('poll', async (_request, response) => {
  await tick()();
  response.status(204).end();
});
