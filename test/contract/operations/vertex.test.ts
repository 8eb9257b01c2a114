import { operationTests } from './suite.ts';
import { VERTEX_OPERATIONS } from './vertex.ts';

operationTests(VERTEX_OPERATIONS);
