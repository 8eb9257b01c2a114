import {
  type handleUnaryCall,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { FaultScript } from '../faults.ts';
import { grpcError } from '../grpc.ts';
import type { Broker } from './broker.ts';
import type { Leases } from './leases.ts';
import { type PullRequest, type PullResponse, servePull } from './pull.ts';
import type { PushConfig, Subscription } from './resources.ts';
import { page, toGrpcError, unaryMethods } from './rpc.ts';
import { type PullStream, type StreamingPullRequest, servePullStream } from './streaming-pull.ts';

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

/** google.pubsub.v1.Subscriber, as far as the Node client uses it. */
export function subscriberMethods(options: SubscriberOptions): UntypedServiceImplementation {
  const { broker, leases, faults } = options;
  const { topology } = broker;
  const streams = createStreamTable(options);
  const methods = {
    CreateSubscription: (asked: Subscription) => {
      const subscription = topology.createSubscription(asked);
      broker.applyPush(subscription);
      return subscription;
    },
    GetSubscription: ({ subscription }: Named) => topology.getSubscription(subscription),
    ListSubscriptions: (request: { project: string; pageSize?: number; pageToken?: string }) => {
      const { items, nextPageToken } = page(topology.listSubscriptions(request.project), request);
      return { subscriptions: items, nextPageToken };
    },
    DeleteSubscription: ({ subscription }: Named) => {
      broker.deleteSubscription(subscription);
      streams.end(subscription);
      return {};
    },
    ModifyPushConfig: ({ subscription, pushConfig = {} }: Named & { pushConfig?: PushConfig }) => {
      broker.applyPush(topology.setPushConfig(subscription, pushConfig));
      return {};
    },
    Acknowledge: ({ subscription, ackIds = [] }: Acked) => {
      topology.getSubscription(subscription);
      leases.acknowledge(subscription, ackIds);
      return {};
    },
    ModifyAckDeadline: (request: Acked & { ackDeadlineSeconds?: number }) => {
      topology.getSubscription(request.subscription);
      leases.modifyDeadline(request.subscription, request.ackIds ?? [], request.ackDeadlineSeconds ?? 0);
      return {};
    },
  };
  return {
    ...unaryMethods(faults, methods),
    Pull: pullMethod(options),
    StreamingPull: streams.serve,
  };
}

/** Faults of a pull and of a stream come before the effect: an answer lost after it is a lease that runs out. */
function pullMethod({
  broker,
  faults,
  clock,
}: SubscriberOptions): handleUnaryCall<PullRequest, PullResponse> {
  return (call, callback) => {
    const fault = faults.next('Pull');
    if (fault.kind !== 'ok') return callback(toGrpcError(fault));
    try {
      servePull(broker, clock, call, callback);
    } catch (error) {
      callback(error as ServiceError);
    }
  };
}

function gone(): ServiceError {
  return grpcError(status.NOT_FOUND, 'Subscription does not exist');
}

/** The open pull streams, so that they end with NOT_FOUND when their subscription is deleted. */
function createStreamTable({ broker, leases, faults }: SubscriberOptions) {
  const open = new Map<PullStream, string>();

  function start(stream: PullStream, request: StreamingPullRequest): void {
    const fault = faults.next('StreamingPull');
    try {
      if (fault.kind !== 'ok') throw toGrpcError(fault);
      const { name } = broker.topology.getSubscription(request.subscription ?? '');
      const leave = servePullStream(broker, leases, stream, request);
      open.set(stream, name);
      const close = () => {
        leave();
        open.delete(stream);
      };
      stream.on('cancelled', close).on('close', close).on('error', close);
      stream.on('end', () => stream.end());
    } catch (error) {
      stream.emit('error', error);
    }
  }

  return {
    serve: (stream: PullStream) => {
      stream.once('data', (request: StreamingPullRequest) => start(stream, request));
    },
    end(subscription: string) {
      for (const [stream, name] of open) {
        if (name === subscription) stream.emit('error', gone());
      }
    },
  };
}
