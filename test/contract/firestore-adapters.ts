import { Firestore } from '@google-cloud/firestore';
import { createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createFirestoreDeploymentNotes } from '../../shared/adapters/firestore-deployment.ts';
import { createFirestoreJobDurations } from '../../shared/adapters/firestore-durations.ts';
import { createFirestoreTunedModels } from '../../shared/adapters/firestore-models.ts';
import { createFirestoreJobQueues } from '../../shared/adapters/firestore-queues.ts';
import { createFirestoreSpending } from '../../shared/adapters/firestore-spending.ts';
import { createFirestoreIgnoredUploads } from '../../shared/adapters/firestore-uploads.ts';

/** Firestore's client and all that functions make of it, as one thing: as it stands in the sources, and as it is bundled. */
export const firestoreAdapters = {
  Firestore,
  createFirestoreRunStore,
  createFirestoreDeploymentNotes,
  createFirestoreJobDurations,
  createFirestoreTunedModels,
  createFirestoreJobQueues,
  createFirestoreSpending,
  createFirestoreIgnoredUploads,
};

export type FirestoreAdapters = typeof firestoreAdapters;
