/** Which operation a request asks for. Paths are matched raw: `new URL` would fold `..` inside an object's name. */

import { apiError, notServed } from '../api-error.ts';
import { type Action, OPERATIONS, type Operation } from './operations.ts';

export interface StorageRoute {
  action: Action;
  /** The name under which faults and history know the call. */
  method: string;
  bucket: string;
  object: string;
  targetBucket: string;
  targetObject: string;
  query: URLSearchParams;
  /** Errors are written in XML. */
  isXml: boolean;
}

interface Row extends Operation {
  pattern: RegExp;
  isXml?: boolean;
}

const insert = (verb: string, path: RegExp, action: Action): Row => ({
  ...{ name: 'storage.objects.insert', verb, path: 'b/{bucket}/o', action },
  pattern: path,
});

/** Below none of these a bucket can be meant: an address that is no operation is refused as such. */
const RESERVED = '(?:(?:resumable/)?(?:(?:upload|download|batch)/)?storage/v1(?:/|$))';
const XML_OBJECT = new RegExp(`^/(?!${RESERVED})(?<bucket>[^/]{3,})/(?<object>.+)$`);
const XML_ADDRESS = new RegExp(`^/(?!${RESERVED})[^/]{3,}(?:/|$)`);
const readXml = (verb: string): Row => ({
  ...{ name: 'storage.objects.media', verb, path: '{bucket}/{object}', action: 'readMedia' },
  ...{ pattern: XML_OBJECT, isXml: true },
});

const ROWS: readonly Row[] = [
  ...OPERATIONS.map((operation) => ({
    ...operation,
    // Node's client leaves the beginning out where an environment variable names the host.
    pattern: new RegExp(`^(?:/storage/v1)?/${patternOf(operation.path)}/?$`),
  })),
  insert('POST', /^(?:\/resumable)?\/upload\/storage\/v1\/b\/(?<bucket>[^/]+)\/o\/?$/, 'upload'),
  insert('PUT', /^(?:\/resumable)?\/upload\/storage\/v1\/b\/(?<bucket>[^/]+)\/o\/?$/, 'continueUpload'),
  insert('DELETE', /^(?:\/resumable)?\/upload\/storage\/v1\/b\/(?<bucket>[^/]+)\/o\/?$/, 'cancelUpload'),
  {
    ...{ name: 'storage.objects.media', verb: 'GET', path: 'b/{bucket}/o/{object}', action: 'readMedia' },
    pattern: /^\/download\/storage\/v1\/b\/(?<bucket>[^/]+)\/o\/(?<object>[^/]+)$/,
  },
  // Go's client reads objects through the XML API's path-style address, against an emulator as well.
  readXml('GET'),
  readXml('HEAD'),
];

function patternOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
}

/** Throws 404 for an address that is no operation, and a refusal that names it for one that is not served here. */
export function parseRoute(verb: string, url: string): StorageRoute {
  const [rawPath = '', rawQuery = ''] = splitOnce(url, '?');
  for (const row of ROWS) {
    const found = row.verb === verb ? row.pattern.exec(rawPath) : null;
    if (!found) continue;
    const query = new URLSearchParams(rawQuery);
    return { ...targetOf(row, query), ...namesIn(found), query, isXml: row.isXml ?? false };
  }
  throw unknownAddress(verb, rawPath);
}

/** Names what is Google's and not here; of any other address it says that it is nothing. */
function unknownAddress(verb: string, path: string): Error {
  if (/^\/batch(?:\/|$)/.test(path)) return notServed('a batch request', 'each request is sent by itself');
  if (XML_ADDRESS.test(path))
    return notServed(`${verb} of the XML API`, 'it reads single objects and no more');
  return apiError(404, `Not Found: ${verb} ${path} is no operation of Cloud Storage.`);
}

function targetOf({ name, action }: Row, query: URLSearchParams): { action: Action; method: string } {
  if (action === undefined) throw notServed(name);
  // Go's client sends the bytes of a session with POST, Node's with PUT.
  if (action === 'upload' && query.has('upload_id')) return { action: 'continueUpload', method: name };
  if (action === 'getObject' && query.get('alt') === 'media') {
    return { action: 'readMedia', method: 'storage.objects.media' };
  }
  return { action, method: name };
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
