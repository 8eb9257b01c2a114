import type { Firestore } from '@google-cloud/firestore';
import * as z from 'zod';
import type { DeploymentNotes } from '../ports.ts';

/** What the deployment knows of itself, in Firestore: `deployment/inbox`. */
export function createFirestoreDeploymentNotes(firestore: Firestore): DeploymentNotes {
  const inbox = firestore.doc('deployment/inbox');
  return {
    takesUploadsSince: (now) =>
      firestore.runTransaction(async (transaction) => {
        const since = z.iso.datetime().safeParse((await transaction.get(inbox)).get('since')).data;
        if (since === undefined) transaction.set(inbox, { since: now });
        return since ?? now;
      }),
  };
}
