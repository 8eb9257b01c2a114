import { FIRESTORE_HTTP_OPERATIONS, FIRESTORE_OPERATIONS } from './firestore.ts';
import { operationTests } from './suite.ts';

operationTests(FIRESTORE_OPERATIONS);
operationTests(FIRESTORE_HTTP_OPERATIONS);
