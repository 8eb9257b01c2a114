/** What an upload is to make, known before its bytes are. */

import { apiError } from '../../api-error.ts';
import type { StorageEngine } from '../../engine/engine.ts';
import { nameProblem, type ObjectAttributes } from '../../engine/object.ts';
import { checkPreconditions, type Preconditions } from '../../engine/preconditions.ts';
import { type Call, headerOf, type JsonBody } from '../call.ts';
import { parsePreconditions } from '../query.ts';
import { attributesOf } from '../resource.ts';
import { expectedHashOf } from './receive.ts';

export interface UploadPlan {
  bucket: string;
  name: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  expectedHash: string;
}

/** What is to be made, from the query and the metadata; throws before a byte of media is read where that can be known. */
export function planUpload(call: Call, metadata: JsonBody, mediaType: string | undefined): UploadPlan {
  const name = call.query.get('name') ?? metadata.name;
  const problem = nameProblem(typeof name === 'string' ? name : '');
  if (typeof name !== 'string' || problem !== undefined) throw apiError(400, problem ?? 'Required');
  return {
    bucket: call.bucket,
    name,
    attributes: attributesOf({
      contentEncoding: call.query.get('contentEncoding') ?? undefined,
      contentType: mediaType || undefined,
      ...metadata,
    }),
    preconditions: parsePreconditions(call.query),
    expectedHash: expectedHashOf(headerOf(call.request, 'x-goog-hash'), metadata),
  };
}

/** Says early what the end of the upload would refuse. */
export function checkBeforeUpload(engine: StorageEngine, plan: UploadPlan): void {
  checkPreconditions(plan.preconditions, engine.find(plan.bucket, plan.name), 'write');
}
