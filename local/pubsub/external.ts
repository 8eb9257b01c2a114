import { status } from '@grpc/grpc-js';
import { connectGrpc, type GrpcCall } from '../grpc.ts';
import type { LocalService } from '../service.ts';
import { type PushSubscription, toSubscription } from './declared.ts';
import { clientProtos } from './protos.ts';

/** Where topics and push subscriptions are declared: the embedded Pub/Sub, or one that the environment names. */
export interface PubSubAdmin {
  declareTopic(name: string): void | Promise<void>;
  declarePushSubscription(subscription: PushSubscription): void | Promise<void>;
}

/** A Pub/Sub that somebody else runs, such as Google's emulator, by its address `HOST:PORT`. */
export function connectExternalPubSub(address: string): PubSubAdmin & LocalService {
  const publisher = connectGrpc(address, clientProtos(), 'google.pubsub.v1.Publisher');
  const subscriber = connectGrpc(address, clientProtos(), 'google.pubsub.v1.Subscriber');
  return {
    address,
    async declareTopic(name) {
      await unlessThere(publisher, 'createTopic', { name });
    },
    async declarePushSubscription(asked) {
      const { declared: _ours, ...subscription } = toSubscription(asked);
      const isNew = await unlessThere(subscriber, 'createSubscription', subscription);
      const { name, pushConfig } = subscription;
      if (!isNew) await subscriber('modifyPushConfig', { subscription: name, pushConfig });
    },
    async close() {
      publisher.close();
      subscriber.close();
    },
  };
}

/** False when it was there already. */
async function unlessThere(call: GrpcCall, method: string, request: object): Promise<boolean> {
  try {
    await call(method, request);
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === status.ALREADY_EXISTS) return false;
    throw error;
  }
}
