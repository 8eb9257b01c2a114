/** Google's JSON error answers. https://cloud.google.com/storage/docs/json_api/v1/status-codes */

interface ApiErrorParts {
  status: number;
  reason: string;
  message: string;
}

/** An answer that is an error; thrown anywhere below a request, sent as JSON by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor({ status, reason, message }: ApiErrorParts) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
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
  416: 'requestedRangeNotSatisfiable',
  429: 'rateLimitExceeded',
  500: 'internalError',
  503: 'backendError',
};

/** An error known by its HTTP status alone. */
export function apiError(status: number, message: string): ApiError {
  return new ApiError({ status, reason: REASONS[status] ?? 'unknown', message });
}

export const noSuchObject = (bucket: string, name: string): ApiError =>
  apiError(404, `No such object: ${bucket}/${name}`);

export const noSuchBucket = (): ApiError => apiError(404, 'The specified bucket does not exist.');

export const conditionNotMet = (): ApiError =>
  apiError(412, 'At least one of the pre-conditions you specified did not hold.');

export const notModified = (): ApiError =>
  new ApiError({ status: 304, reason: 'notModified', message: 'Not Modified' });

/** The JSON body of an error answer. */
export function errorBody(error: ApiError) {
  return {
    error: {
      code: error.status,
      message: error.message,
      errors: [{ message: error.message, domain: 'global', reason: error.reason }],
    },
  };
}
