/** Uploads in one request: the bytes alone (`media`) or behind their metadata (`multipart`). */

import { apiError } from './api-error.ts';
import { type Call, type Handlers, headerOf, type Reply } from './call.ts';
import { createDigest } from './digest.ts';
import { readMultipart } from './multipart.ts';
import { appendTo, bodyOf, brokenAfter, checkHash, withStaged } from './receive.ts';
import { toResource } from './resource.ts';
import type { Resumable } from './resumable.ts';
import type { Store } from './store.ts';
import { planUpload, type UploadPlan } from './upload-plan.ts';
import type { WireFaultQueue } from './wire-faults.ts';

interface UploadOptions {
  store: Store;
  faults: WireFaultQueue;
  resumable: Resumable;
  baseUrl: () => string;
}

export function createUploadHandlers({ store, faults, resumable, baseUrl }: UploadOptions) {
  const media = (call: Call) => {
    const plan = planUpload(call, {}, headerOf(call.request, 'content-type'));
    return receive(plan, bodyOf(call.request));
  };

  const multipart = async (call: Call) => {
    const contentType = headerOf(call.request, 'content-type') ?? '';
    const parts = await readMultipart(bodyOf(call.request), contentType);
    return receive(planUpload(call, parts.metadata, parts.mediaType), parts.media);
  };

  const receive = (plan: UploadPlan, body: AsyncIterable<Buffer>): Promise<Reply> => {
    const { expectedHash, ...target } = plan;
    const staged = store.stagingFile(plan.bucket);
    return withStaged(staged, async () => {
      const digest = createDigest();
      const breakAfter = faults.nextUpload();
      await appendTo(staged, breakAfter === undefined ? body : brokenAfter(body, breakAfter), digest);
      const checksums = digest.finish();
      checkHash(expectedHash, checksums);
      const object = await store.commit({ ...target, ...checksums, staged });
      return { status: 200, json: toResource(object, baseUrl()) };
    });
  };

  const kinds: Record<string, (call: Call) => Promise<Reply>> = {
    media,
    multipart,
    resumable: resumable.start,
  };

  const handlers: Handlers<'upload' | 'continueUpload' | 'cancelUpload'> = {
    upload(call) {
      const kind = kinds[call.query.get('uploadType') ?? 'media'];
      if (!kind) throw apiError(400, 'Unknown uploadType');
      store.folderOf(call.bucket);
      return kind(call);
    },
    continueUpload: resumable.continue,
    cancelUpload: resumable.cancel,
  };
  return handlers;
}
