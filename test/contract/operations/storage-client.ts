import { randomUUID } from 'node:crypto';
import type { Bucket, CreateBucketRequest, Storage } from '@google-cloud/storage';
import { connectByEndpoint } from '../storage-harness.ts';
import type { Connected } from './operation.ts';

/** Google's client of Cloud Storage, and calls that it has no method for. */
export interface StorageClients {
  storage: Storage;
  /** The body of the answer; rejects with `RefusedCall` when that is an error. */
  call(verb: string, path: string, options?: CallOptions): Promise<Record<string, unknown>>;
  /** A name that nobody else uses. */
  fresh(): string;
  /** A bucket that exists now. */
  aBucket(settings?: CreateBucketRequest): Promise<Bucket>;
}

interface CallOptions {
  /** Sent as JSON. */
  body?: object;
  headers?: Record<string, string>;
}

/** An error that the service answered. */
export class RefusedCall extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export function connectStorageClients(
  address: string,
  close: () => Promise<unknown>,
): Connected<StorageClients> {
  const storage = connectByEndpoint(address);
  const fresh = () => `a-${randomUUID()}`;
  return {
    client: {
      ...{ storage, fresh },
      async call(verb, path, { body, headers = {} } = {}) {
        const answer = await fetch(`http://${address}/${path}`, {
          method: verb,
          headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
          body: body ? JSON.stringify(body) : null,
        });
        const text = await answer.text();
        if (answer.ok) return text === '' ? {} : JSON.parse(text);
        const { error } = JSON.parse(text);
        throw new RefusedCall(error.errors[0].reason, error.message);
      },
      async aBucket(settings = {}) {
        const [bucket] = await storage.createBucket(fresh(), settings);
        return bucket;
      },
    },
    close,
  };
}
