import { expect, it } from 'vitest';
import { FIRESTORE_OPERATIONS } from './firestore.ts';
import { METADATA_OPERATIONS } from './metadata.ts';
import { renderOperationsPage, type ServicePart } from './page.ts';
import { PUBSUB_OPERATIONS } from './pubsub.ts';
import { STORAGE_OPERATIONS } from './storage.ts';
import { VERTEX_OPERATIONS } from './vertex.ts';

/** Every service's table, in the order of the page. */
const SERVICES: readonly ServicePart[] = [
  STORAGE_OPERATIONS,
  PUBSUB_OPERATIONS,
  FIRESTORE_OPERATIONS,
  METADATA_OPERATIONS,
  VERTEX_OPERATIONS,
];

it('docs/local-cloud-operations.md says what the tables say', async () => {
  await expect(renderOperationsPage(SERVICES)).toMatchFileSnapshot('../../../docs/local-cloud-operations.md');
});
