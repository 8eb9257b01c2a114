/** What an upload is to make, known before its bytes are. */

import { apiError } from './api-error.ts';
import { type Call, headerOf } from './call.ts';
import { nameProblem } from './names.ts';
import { checkPreconditions, type Preconditions, parsePreconditions } from './preconditions.ts';
import { expectedHashOf } from './receive.ts';
import { attributesOf, type ObjectAttributes } from './resource.ts';
import type { Store } from './store.ts';

export interface UploadPlan {
  bucket: string;
  name: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  expectedHash: string;
}

/** What is to be made, from the query and the metadata; throws before a byte of media is read where that can be known. */
export function planUpload(
  call: Call,
  metadata: Record<string, unknown>,
  mediaType: string | undefined,
): UploadPlan {
  const name = call.query.get('name') ?? metadata.name;
  const problem = nameProblem(typeof name === 'string' ? name : '');
  if (typeof name !== 'string' || problem !== undefined) throw apiError(400, problem ?? 'Required');
  const contentEncoding = call.query.get('contentEncoding');
  return {
    bucket: call.bucket,
    name,
    attributes: attributesOf({
      ...(contentEncoding === null ? {} : { contentEncoding }),
      contentType: mediaType || undefined,
      ...metadata,
    }),
    preconditions: parsePreconditions(call.query),
    expectedHash: expectedHashOf(headerOf(call.request, 'x-goog-hash'), metadata),
  };
}

/** Tells early what the end of the upload would refuse. */
export function checkBeforeUpload(store: Store, plan: UploadPlan): void {
  checkPreconditions(plan.preconditions, store.find(plan.bucket, plan.name), 'write');
}
