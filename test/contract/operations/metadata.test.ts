import { METADATA_OPERATIONS } from './metadata.ts';
import { operationTests } from './suite.ts';

operationTests(METADATA_OPERATIONS);
