/** Google's error answers. https://cloud.google.com/storage/docs/json_api/v1/status-codes */

interface StorageErrorParts {
  status: number;
  reason: string;
  message: string;
  headers?: Record<string, string>;
  /** Written as it is, in place of JSON or XML. */
  isText?: boolean;
}

/** An answer that is an error; thrown anywhere below a request, sent by the request handler. */
export class StorageError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly headers: Record<string, string>;
  readonly isText: boolean;

  constructor({ status, reason, message, headers = {}, isText = false }: StorageErrorParts) {
    super(message);
    this.name = 'StorageError';
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.isText = isText;
  }
}

const REASONS: Record<number, string> = {
  400: 'invalid',
  401: 'required',
  403: 'forbidden',
  404: 'notFound',
  408: 'requestTimeout',
  409: 'conflict',
  412: 'conditionNotMet',
  413: 'uploadTooLarge',
  429: 'rateLimitExceeded',
  500: 'internalError',
  503: 'backendError',
};

/** An error known by its HTTP status alone. */
export function apiError(status: number, message: string): StorageError {
  return new StorageError({ status, reason: REASONS[status] ?? 'unknown', message });
}

/** The protocol of uploads is served by another part of Google, which answers in plain text; Java's client looks at that. */
export function uploadError(status: number, message: string): StorageError {
  return new StorageError({ status, reason: REASONS[status] ?? 'unknown', message, isText: true });
}

/**
 * The refusal of what Google has and this service has not. 400, since clients try any 5xx again for a long time: what is not
 * here will not be here a minute later.
 */
export function notServed(what: string, why?: string): StorageError {
  const reason = why === undefined ? '' : `: ${why}`;
  const message = `${what} is not part of this embedded Cloud Storage${reason}. docs/local-cloud-operations.md lists what is.`;
  return new StorageError({ status: 400, reason: 'notImplemented', message });
}

export const noSuchObject = (bucket: string, name: string): StorageError =>
  apiError(404, `No such object: ${bucket}/${name}`);

export const noSuchBucket = (): StorageError => apiError(404, 'The specified bucket does not exist.');

export const conditionNotMet = (): StorageError =>
  apiError(412, 'At least one of the pre-conditions you specified did not hold.');

export const notModified = (): StorageError =>
  new StorageError({ status: 304, reason: 'notModified', message: 'Not Modified' });

export const rangeNotSatisfiable = (size: number): StorageError =>
  new StorageError({
    status: 416,
    reason: 'requestedRangeNotSatisfiable',
    message: 'Request range not satisfiable',
    headers: { 'content-range': `bytes */${size}` },
  });

/** The JSON body of an error answer. */
export function errorJson(error: StorageError) {
  return {
    error: {
      code: error.status,
      message: error.message,
      errors: [{ message: error.message, domain: 'global', reason: error.reason }],
    },
  };
}

/** Google's codes of the XML API, by status. https://cloud.google.com/storage/docs/xml-api/reference-status */
const XML_CODES: Record<number, string> = {
  400: 'InvalidArgument',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  503: 'ServiceUnavailable',
};

/** The XML body of an error answer. */
export function errorXml({ status, message }: StorageError): string {
  const text = message.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${XML_CODES[status] ?? 'InternalError'}</Code><Message>${text}</Message></Error>`;
}
