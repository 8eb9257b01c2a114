import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { composeTuning, composeWorld, createFunctionLogger } from '../../shared/compose.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { decodeRunMessage } from '../../shared/runtime/events.ts';
import { createSubmitHandler } from './handler.ts';

const logger = createFunctionLogger('submit');

const handler = () => {
  const world = composeWorld(logger);
  const submit = createSubmitHandler({ ...world, ...composeTuning(world) });
  return (event: CloudEvent<unknown>) => submit(decodeRunMessage(event), event.id);
};

cloudEvent('submit', withBoundary(handler, logger));
