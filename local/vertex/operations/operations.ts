import type { Clock } from '../../clock.ts';
import { VertexError } from '../http/api-error.ts';
import { resourceId } from '../http/ids.ts';
import { type JsonObject, present } from '../http/json.ts';
import type { Routes } from '../http/routes.ts';
import { isoTime } from '../http/time.ts';
import type { OperationRecord } from '../store/operation.ts';
import type { VertexStore } from '../store/store.ts';

export interface OperationsOptions {
  store: VertexStore;
  clock: Clock;
  taskMs: number;
}

const TYPES = 'type.googleapis.com/google.cloud.aiplatform.v1';

/** Answers a delete with an operation that reports itself done a task's time later; the resource itself is gone at once. */
export function startOperation(options: OperationsOptions, parent: string, target: string): JsonObject {
  const response = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
  return start(options, { parent, target, metadataType: `${TYPES}.DeleteOperationMetadata`, response });
}

/** Answers a create in the same way; `type` is the resource's message, `Tensorboard`. */
export function startCreation(
  options: OperationsOptions,
  parent: string,
  { type, resource }: { type: string; resource: JsonObject & { name: string } },
): JsonObject {
  const response = { '@type': `${TYPES}.${type}`, ...resource };
  const metadataType = `${TYPES}.Create${type}OperationMetadata`;
  return start(options, { parent, target: resource.name, metadataType, response });
}

function start(
  options: OperationsOptions,
  wanted: { parent: string; target: string; metadataType: string; response: JsonObject },
): JsonObject {
  const nowMs = options.clock.now();
  const id = resourceId(wanted.target, String(nowMs), crypto.randomUUID());
  const operation: OperationRecord = {
    name: `${wanted.parent}/operations/${id}`,
    metadataType: wanted.metadataType,
    response: wanted.response,
    createMs: nowMs,
    doneMs: nowMs + options.taskMs,
  };
  options.store.put('operation', operation);
  return operationView(operation, nowMs);
}

export function createOperations({ store, clock }: OperationsOptions): Routes {
  return {
    'GET operations/*': {
      method: 'operations.get',
      handle: ({ name }) => {
        const operation = store.get('operation', name);
        if (!operation) throw new VertexError('NOT_FOUND', `The operation ${name} does not exist.`);
        return operationView(operation, clock.now());
      },
    },
  };
}

function operationView(operation: OperationRecord, nowMs: number): JsonObject {
  const isDone = nowMs >= operation.doneMs;
  const createTime = isoTime(operation.createMs);
  const updateTime = isDone ? isoTime(operation.doneMs) : createTime;
  return present({
    name: operation.name,
    metadata: { '@type': operation.metadataType, genericMetadata: { createTime, updateTime } },
    done: isDone || undefined,
    response: isDone ? operation.response : undefined,
  });
}
