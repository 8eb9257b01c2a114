import type { Firestore } from '@google-cloud/firestore';
import * as z from 'zod';
import type { DeploymentNotes } from '../ports.ts';

/** What the deployment knows of itself, in Firestore: `deployment/inbox`, `deployment/unanswered`. */
export function createFirestoreDeploymentNotes(firestore: Firestore): DeploymentNotes {
  const inbox = firestore.doc('deployment/inbox');
  const unanswered = firestore.doc('deployment/unanswered');
  return {
    takesUploadsSince: (now) =>
      firestore.runTransaction(async (transaction) => {
        const since = z.iso.datetime().safeParse((await transaction.get(inbox)).get('since')).data;
        if (since === undefined) transaction.set(inbox, { since: now });
        return since ?? now;
      }),
    unanswered: async () =>
      z
        .record(z.string(), z.iso.datetime())
        .catch({})
        .parse((await unanswered.get()).get('since')),
    async noteUnanswered(since) {
      await unanswered.set({ since });
    },
  };
}
