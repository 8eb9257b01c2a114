import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { composeServices, composeTuning, createFunctionLogger } from '../../shared/compose.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { decodeRunMessage } from '../../shared/runtime/events.ts';
import { createSubmitHandler } from './handler.ts';

const logger = createFunctionLogger('submit');

const handler = () => {
  const services = composeServices(logger);
  const submit = createSubmitHandler({ ...services, ...composeTuning(services) });
  return (event: CloudEvent<unknown>) => submit(decodeRunMessage(event), event.id);
};

cloudEvent('submit', withBoundary(handler, logger));
