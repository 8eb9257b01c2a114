import { PUBSUB_OPERATIONS } from './pubsub.ts';
import { operationTests } from './suite.ts';

operationTests(PUBSUB_OPERATIONS);
