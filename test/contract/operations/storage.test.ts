import { STORAGE_OPERATIONS } from './storage.ts';
import { operationTests } from './suite.ts';

operationTests(STORAGE_OPERATIONS);
