import type { Trigger } from '../eventarc/dispatcher.ts';
import { bucketName } from '../project.ts';
import type { FunctionsTopology, StorageTrigger } from '../topology.ts';

/** What Eventarc has of a function's storage trigger; its address, where it is known already, comes on top. */
export function eventarcTrigger(functionName: string, { bucket, eventType }: StorageTrigger): Trigger {
  return { name: `${functionName}-${bucket}`, bucket: bucketName(bucket), eventType };
}

/** Every storage trigger of every function. */
export function eventarcTriggers({ functions }: FunctionsTopology): Trigger[] {
  return Object.entries(functions).flatMap(([name, { triggers }]) =>
    triggers.filter((trigger) => trigger.kind === 'storage').map((trigger) => eventarcTrigger(name, trigger)),
  );
}
