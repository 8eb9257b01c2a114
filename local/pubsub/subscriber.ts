import type { handleUnaryCall, ServiceError, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { FaultScript } from '../faults.ts';
import type { Broker } from './broker.ts';
import type { Leases } from './leases.ts';
import { type PullRequest, type PullResponse, servePull } from './pull.ts';
import type { PushConfig, Snapshot, Subscription } from './resources.ts';
import { page, toGrpcError, unaryMethods } from './rpc.ts';
import { type SeekRequest, seek } from './seek.ts';
import { createPullStreams } from './streams.ts';
import { type UpdateMask, updated } from './updates.ts';
import { checkPushConfig } from './validation.ts';

export interface SubscriberOptions {
  broker: Broker;
  leases: Leases;
  faults: FaultScript;
  clock: Clock;
}

interface Named {
  subscription: string;
}

interface Acked extends Named {
  ackIds?: string[];
}

interface ListRequest {
  project: string;
  pageSize?: number;
  pageToken?: string;
}

/** google.pubsub.v1.Subscriber */
export function subscriberMethods(options: SubscriberOptions): UntypedServiceImplementation {
  const streams = createPullStreams(options);
  return {
    ...unaryMethods(options.faults, {
      ...subscriptionMethods(options.broker, streams.end),
      ...leaseMethods(options),
      ...snapshotMethods(options.broker),
    }),
    Pull: pullMethod(options),
    StreamingPull: streams.serve,
  };
}

function subscriptionMethods(broker: Broker, endStreams: (subscription: string) => void) {
  const { topology, engine } = broker;
  const put = (subscription: Subscription) => {
    const complete = topology.putSubscription(subscription);
    broker.applyPush(complete);
    engine.pump.wake(complete.name);
    return complete;
  };
  return {
    CreateSubscription: (asked: Subscription) => {
      const subscription = topology.createSubscription(asked);
      broker.applyPush(subscription);
      return subscription;
    },
    GetSubscription: ({ subscription }: Named) => topology.getSubscription(subscription),
    UpdateSubscription: (request: { subscription: Subscription; updateMask?: UpdateMask }) => {
      const { subscription: asked, updateMask: mask } = request;
      return put(updated('Subscription', { current: topology.getSubscription(asked.name), asked, mask }));
    },
    ListSubscriptions: (request: ListRequest) => {
      const { items, nextPageToken } = page(topology.listSubscriptions(request.project), request);
      return { subscriptions: items, nextPageToken };
    },
    DeleteSubscription: ({ subscription: name }: Named) => {
      topology.getSubscription(name);
      engine.setPushTarget(name, undefined);
      topology.deleteSubscription(name);
      engine.queue.removeAll(name);
      engine.history.forget(name);
      endStreams(name);
      return {};
    },
    ModifyPushConfig: ({ subscription, pushConfig = {} }: Named & { pushConfig?: PushConfig }) => {
      checkPushConfig(pushConfig);
      put({ ...topology.getSubscription(subscription), pushConfig });
      return {};
    },
  };
}

function leaseMethods({ broker: { topology }, leases }: SubscriberOptions) {
  return {
    Acknowledge: async ({ subscription, ackIds = [] }: Acked) => {
      topology.getSubscription(subscription);
      await leases.acknowledge(subscription, ackIds);
      return {};
    },
    ModifyAckDeadline: async (request: Acked & { ackDeadlineSeconds?: number }) => {
      const { subscription, ackIds = [], ackDeadlineSeconds = 0 } = request;
      topology.getSubscription(subscription);
      await leases.modifyDeadline(subscription, ackIds, ackDeadlineSeconds);
      return {};
    },
  };
}

function snapshotMethods(broker: Broker) {
  const { topology, snapshots } = broker;
  return {
    CreateSnapshot: ({ subscription, ...asked }: Named & Pick<Snapshot, 'name' | 'labels'>) =>
      snapshots.create(asked, topology.getSubscription(subscription)),
    GetSnapshot: ({ snapshot }: { snapshot: string }) => snapshots.get(snapshot),
    UpdateSnapshot: ({ snapshot, updateMask }: { snapshot: Snapshot; updateMask?: UpdateMask }) =>
      snapshots.update(snapshot, updateMask),
    ListSnapshots: (request: ListRequest) => {
      const { items, nextPageToken } = page(snapshots.list(request.project), request);
      return { snapshots: items, nextPageToken };
    },
    DeleteSnapshot: ({ snapshot }: { snapshot: string }) => {
      snapshots.delete(snapshot);
      return {};
    },
    Seek: (request: SeekRequest) => {
      seek(broker, request);
      return {};
    },
  };
}

/** Faults of a pull come before the effect: an answer lost after it is a lease that runs out. */
function pullMethod(options: SubscriberOptions): handleUnaryCall<PullRequest, PullResponse> {
  const { broker, faults, clock } = options;
  return (call, callback) => {
    const { refusal } = faults.take({ method: 'Pull' });
    try {
      if (refusal) throw toGrpcError(refusal);
      servePull(broker, clock, { call, callback });
    } catch (error) {
      callback(error as ServiceError);
    }
  };
}
