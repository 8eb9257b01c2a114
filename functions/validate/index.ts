import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { composeWorld, createFunctionLogger } from '../../shared/compose.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { once } from '../../shared/runtime/once.ts';
import { createValidateHandler } from './handler.ts';

const logger = createFunctionLogger('validate');
const handler = once(() => withBoundary(createValidateHandler(composeWorld(logger)), logger));

cloudEvent('validate', (event: CloudEvent<unknown>) => handler()(event));
