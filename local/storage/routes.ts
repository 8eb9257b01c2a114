/** Which operation a request asks for. Paths are matched raw: `new URL` would fold `..` inside an object's name. */

import { apiError } from './api-error.ts';

export type Action =
  | 'listBuckets'
  | 'insertBucket'
  | 'getBucket'
  | 'deleteBucket'
  | 'listObjects'
  | 'getObject'
  | 'readMedia'
  | 'patchObject'
  | 'replaceMetadata'
  | 'deleteObject'
  | 'rewriteObject'
  | 'copyObject'
  | 'composeObject'
  | 'upload'
  | 'continueUpload'
  | 'cancelUpload';

export interface Route {
  action: Action;
  /** The name under which faults and history know the call. */
  method: string;
  bucket: string;
  object: string;
  targetBucket: string;
  targetObject: string;
  query: URLSearchParams;
}

type Row = [verb: string, path: RegExp, action: Action, method: string];

const API = '^(?:/storage/v1)?';
const BUCKET = '/b/(?<bucket>[^/]+)';
const OBJECT = `${BUCKET}/o/(?<object>[^/]+)`;
const TARGET = '/b/(?<targetBucket>[^/]+)/o/(?<targetObject>[^/]+)';
const path = (pattern: string) => new RegExp(`${pattern}/?$`);

/** `/BUCKET/OBJECT`, but nothing below the JSON API's own addresses: those are known or refused, never a bucket `storage`. */
const XML_OBJECT =
  /^\/(?!(?:resumable\/)?(?:(?:upload|download|batch)\/)?storage\/v1\/)(?<bucket>[^/]{3,})\/(?<object>.+)$/;

const ROWS: Row[] = [
  ['GET', path(`${API}/b`), 'listBuckets', 'storage.buckets.list'],
  ['POST', path(`${API}/b`), 'insertBucket', 'storage.buckets.insert'],
  ['GET', path(API + BUCKET), 'getBucket', 'storage.buckets.get'],
  ['DELETE', path(API + BUCKET), 'deleteBucket', 'storage.buckets.delete'],
  ['GET', path(`${API}${BUCKET}/o`), 'listObjects', 'storage.objects.list'],
  ['GET', path(API + OBJECT), 'getObject', 'storage.objects.get'],
  ['PATCH', path(API + OBJECT), 'patchObject', 'storage.objects.patch'],
  ['PUT', path(API + OBJECT), 'replaceMetadata', 'storage.objects.update'],
  ['DELETE', path(API + OBJECT), 'deleteObject', 'storage.objects.delete'],
  ['POST', path(`${API}${OBJECT}/rewriteTo${TARGET}`), 'rewriteObject', 'storage.objects.rewrite'],
  ['POST', path(`${API}${OBJECT}/copyTo${TARGET}`), 'copyObject', 'storage.objects.copy'],
  ['POST', path(`${API}${OBJECT}/compose`), 'composeObject', 'storage.objects.compose'],
  ['POST', path(`^(?:/resumable)?/upload/storage/v1${BUCKET}/o`), 'upload', 'storage.objects.insert'],
  ['PUT', path(`^/upload/storage/v1${BUCKET}/o`), 'continueUpload', 'storage.objects.insert'],
  ['DELETE', path(`^/upload/storage/v1${BUCKET}/o`), 'cancelUpload', 'storage.objects.insert'],
  ['GET', path(`^/download/storage/v1${OBJECT}`), 'readMedia', 'storage.objects.media'],
  // Go's client reads objects through the XML API's path-style address, against an emulator as well.
  ['GET', XML_OBJECT, 'readMedia', 'storage.objects.media'],
  ['HEAD', XML_OBJECT, 'readMedia', 'storage.objects.media'],
];

/** Throws 404 for an address that is no operation here. */
export function parseRoute(verb: string, url: string): Route {
  const [rawPath = '', rawQuery = ''] = splitOnce(url, '?');
  const query = new URLSearchParams(rawQuery);
  for (const [rowVerb, pattern, action, method] of ROWS) {
    const found = rowVerb === verb ? pattern.exec(rawPath) : null;
    if (!found) continue;
    const names = namesIn(found);
    // Go's client sends the bytes of a session with POST, Node's with PUT.
    if (action === 'upload' && query.has('upload_id'))
      return { action: 'continueUpload', method, query, ...names };
    if (action === 'getObject' && query.get('alt') === 'media') {
      return { action: 'readMedia', method: 'storage.objects.media', query, ...names };
    }
    return { action, method, query, ...names };
  }
  throw apiError(404, `Not Found: ${verb} ${rawPath} is no operation of this Cloud Storage.`);
}

function splitOnce(text: string, mark: string): [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function namesIn(found: RegExpExecArray) {
  const groups = found.groups ?? {};
  return {
    bucket: decode(groups.bucket),
    object: decode(groups.object),
    targetBucket: decode(groups.targetBucket),
    targetObject: decode(groups.targetObject),
  };
}

function decode(segment = ''): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw apiError(400, 'The address is not valid UTF-8.');
  }
}
