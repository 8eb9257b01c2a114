/** Uploads in one request: the bytes alone (`media`) or behind their metadata (`multipart`). */

import type { IncomingMessage } from 'node:http';
import type { FaultScript } from '../../../faults.ts';
import { bodyOf } from '../../../http.ts';
import { apiError } from '../../api-error.ts';
import { createDigest } from '../../engine/digest.ts';
import type { StorageEngine } from '../../engine/engine.ts';
import { type Call, type Handlers, headerOf, type Reply } from '../call.ts';
import { toResource } from '../resource.ts';
import { readMultipart } from './multipart.ts';
import { appendTo, checkHash, withBlob, withFault } from './receive.ts';
import { createResumable } from './resumable.ts';
import { planUpload, type UploadPlan } from './upload-plan.ts';

export interface UploadOptions {
  engine: StorageEngine;
  faults: FaultScript;
  baseUrl: () => string;
}

type UploadActions = 'upload' | 'continueUpload' | 'cancelUpload';

export function createUploadHandlers(
  options: UploadOptions & { now: () => number },
): Handlers<UploadActions> {
  const resumable = createResumable(options);
  const kinds: Record<string, (call: Call) => Promise<Reply>> = {
    async media(call) {
      const plan = planUpload(call, {}, headerOf(call.request, 'content-type'));
      return await receive(plan, { bytes: bodyOf(call.request), request: call.request }, options);
    },
    async multipart(call) {
      const contentType = headerOf(call.request, 'content-type') ?? '';
      const parts = await readMultipart(bodyOf(call.request), contentType);
      return await receive(
        planUpload(call, parts.metadata, parts.mediaType),
        { bytes: parts.media, request: call.request },
        options,
      );
    },
    resumable: resumable.start,
  };
  return {
    async upload(call) {
      const uploadType = call.query.get('uploadType') ?? 'media';
      const kind = kinds[uploadType];
      if (!kind) throw apiError(400, `Invalid upload type: ${uploadType}`);
      options.engine.bucket(call.bucket);
      return await kind(call);
    },
    continueUpload: resumable.continue,
    cancelUpload: resumable.cancel,
  };
}

async function receive(
  { expectedHash, ...target }: UploadPlan,
  { bytes, request }: { bytes: AsyncIterable<Buffer>; request: IncomingMessage },
  { engine, faults, baseUrl }: UploadOptions,
): Promise<Reply> {
  const blob = engine.blobs.newId();
  return await withBlob(engine, blob, async () => {
    const digest = createDigest();
    await appendTo(engine.blobs.fileOf(blob), withFault(bytes, faults, request), digest);
    const checksums = digest.finish();
    checkHash(expectedHash, checksums);
    const object = engine.put({ ...target, ...checksums, blob });
    return { status: 200, json: toResource(object, baseUrl()) };
  });
}
