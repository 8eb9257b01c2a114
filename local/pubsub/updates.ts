import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';
import type { Subscription, Topic } from './resources.ts';

/** A request to change some fields of a resource: the paths are names of pubsub.proto, such as `ack_deadline_seconds`. */
export interface UpdateMask {
  paths?: string[];
}

/** Whether a field can be changed, is what it is for good, or is one of those that this service does not have. */
type Change = 'can change' | 'is fixed' | 'is not served';

const TOPIC_FIELDS: Record<string, Change> = {
  name: 'is fixed',
  labels: 'can change',
  message_storage_policy: 'can change',
  message_retention_duration: 'can change',
  kms_key_name: 'is not served',
  schema_settings: 'is not served',
  ingestion_data_source_settings: 'is not served',
  message_transforms: 'is not served',
  tags: 'is not served',
};

const SUBSCRIPTION_FIELDS: Record<string, Change> = {
  name: 'is fixed',
  topic: 'is fixed',
  filter: 'is fixed',
  enable_message_ordering: 'is fixed',
  detached: 'is fixed',
  push_config: 'can change',
  ack_deadline_seconds: 'can change',
  retain_acked_messages: 'can change',
  message_retention_duration: 'can change',
  labels: 'can change',
  expiration_policy: 'can change',
  dead_letter_policy: 'can change',
  retry_policy: 'can change',
  enable_exactly_once_delivery: 'is not served',
  bigquery_config: 'is not served',
  bigtable_config: 'is not served',
  cloud_storage_config: 'is not served',
  message_transforms: 'is not served',
  tags: 'is not served',
};

const SNAPSHOT_FIELDS: Record<string, Change> = {
  name: 'is fixed',
  topic: 'is fixed',
  expire_time: 'can change',
  labels: 'can change',
};

const FIELDS = { Topic: TOPIC_FIELDS, Subscription: SUBSCRIPTION_FIELDS, Snapshot: SNAPSHOT_FIELDS };

/** The resource with the fields of the mask as they are asked for; throws INVALID_ARGUMENT and UNIMPLEMENTED. */
export function updated<T extends { name: string }>(
  kind: keyof typeof FIELDS,
  { current, asked, mask }: { current: T; asked: T; mask: UpdateMask | undefined },
): T {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) {
    throw invalid(
      `The update_mask in the Update${kind}Request must be set, and must contain a non-empty paths list.`,
    );
  }
  const changed = paths.map((path) => {
    checkPath(kind, path);
    const key = toCamel(path) as keyof T;
    return [key, asked[key]];
  });
  return { ...current, ...Object.fromEntries(changed) };
}

/** The fields that are not served, in camelCase: a resource that has one of them is refused. */
export const NOT_SERVED = {
  Topic: notServed(TOPIC_FIELDS),
  Subscription: notServed(SUBSCRIPTION_FIELDS),
};

/** Better refused than accepted and forgotten. */
export function refuseNotServed(kind: keyof typeof NOT_SERVED, resource: Topic | Subscription): void {
  const found = NOT_SERVED[kind].find((field) => isSet(resource[field as keyof typeof resource]));
  if (found) throw notServedHere(found);
}

export function notServedHere(field: string): Error {
  return grpcError(status.UNIMPLEMENTED, `${field} is not served by the local Pub/Sub`);
}

/** Empty messages, lists and defaults are what clients send that fill in all fields. */
function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isSet);
  return Boolean(value);
}

function checkPath(kind: keyof typeof FIELDS, path: string): void {
  const change = FIELDS[kind][path];
  const problem = `Invalid update_mask provided in the Update${kind}Request: `;
  if (change === 'is fixed') throw invalid(`${problem}the ${path} field in the ${kind} is not mutable.`);
  if (change === 'is not served') throw notServedHere(path);
  if (change === undefined) {
    const form = "Note that field paths must be of the form 'push_config' rather than 'pushConfig'.";
    throw invalid(`${problem}${path} is not a known ${kind} field. ${form}`);
  }
}

function notServed(fields: Record<string, Change>): string[] {
  return Object.keys(fields).flatMap((field) => (fields[field] === 'is not served' ? toCamel(field) : []));
}

function toCamel(path: string): string {
  return path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function invalid(message: string): Error {
  return grpcError(status.INVALID_ARGUMENT, message);
}
