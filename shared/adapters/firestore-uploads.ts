import type { Firestore } from '@google-cloud/firestore';
import { IGNORED_UPLOAD_DAYS, type IgnoredUpload, IgnoredUploadSchema } from '../core/objects/ignored.ts';
import type { IgnoredUploads } from '../ports.ts';

const DAY_MS = 86_400_000;

/** `uploads/{uploadId}`. `expireAt` is the one field of the product that Firestore's TTL looks at, so it is a timestamp. */
export function createFirestoreIgnoredUploads(firestore: Firestore): IgnoredUploads {
  const uploads = firestore.collection('uploads');
  return {
    async note(id, upload: IgnoredUpload) {
      const expireAt = new Date(Date.parse(upload.noticedTime) + IGNORED_UPLOAD_DAYS * DAY_MS);
      await uploads.doc(id).set({ ...upload, expireAt });
    },
    get: async (id) => IgnoredUploadSchema.safeParse((await uploads.doc(id).get()).data()).data,
  };
}
