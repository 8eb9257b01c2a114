import { type Clock, systemClock } from '../clock.ts';
import type { Cloud } from '../cloud.ts';
import { choosePorts } from '../free-ports.ts';
import { subscriptionName, topicName } from '../project.ts';
import type { FunctionTrigger } from '../topology.ts';
import { eventarcTrigger } from './storage-triggers.ts';
import { type FunctionProcess, startFunction } from './supervisor.ts';

export interface DeployOptions {
  cloud: Cloud;
  /** Folder of each function's bundle, by the function's name. */
  bundles: Record<string, string>;
  /** First of as many ports as there are functions; any free ones when absent. */
  portBase?: number | undefined;
  /** What the deployment sets for the functions, beside what reaches this cloud. */
  environment: Record<string, string>;
  /** Stands for the schedule of one minute. */
  scheduleMs: number;
  clock?: Clock | undefined;
  log: (line: string) => void;
}

/** Starts every function and points its triggers at it: what Terraform and Cloud Run do in a real project. */
export async function deployFunctions(options: DeployOptions): Promise<FunctionProcess[]> {
  const { cloud } = options;
  const names = Object.keys(cloud.topology.functions);
  const running: Record<string, FunctionProcess> = {};
  const environments = await Promise.all(
    names.map((name) => cloud.environmentFor(name, () => killNow(running[name]))),
  );
  // After the addresses of the callers are taken: a port that is free now may be one of theirs otherwise.
  const ports = await choosePorts(names.length, options.portBase);
  const functions = await Promise.all(
    names.map(async (name, index) => {
      const own = environments[index] ?? {};
      const started = await startProcess(options, name, { own, port: ports[index] ?? 0 });
      running[name] = started;
      return started;
    }),
  );
  for (const topic of Object.keys(cloud.topology.topics)) await cloud.pubsub.declareTopic(topicName(topic));
  for (const { name, url } of functions) {
    for (const trigger of triggersOf(cloud, name)) await point(trigger, { name, url, options });
  }
  return functions;
}

/** One more process of a function, as there is while a new revision comes up; nothing points at it. */
export async function startRevision(options: DeployOptions, name: string): Promise<FunctionProcess> {
  let running: FunctionProcess | undefined;
  const own = await options.cloud.environmentFor(`${name}.other`, () => killNow(running));
  const [port = 0] = await choosePorts(1);
  running = await startProcess(options, name, { own, port });
  return running;
}

function startProcess(
  { cloud, bundles, environment, clock = systemClock, log }: DeployOptions,
  name: string,
  { own, port }: { own: Record<string, string>; port: number },
): Promise<FunctionProcess> {
  const limits = cloud.topology.functions[name];
  if (!limits) throw new Error(`no function ${name} in functions.json`);
  return startFunction({
    ...{ name, port, limits, clock, log },
    source: bundles[name] ?? '',
    signature: limits.triggers.some(({ kind }) => kind === 'schedule') ? 'http' : 'cloudevent',
    // Of the shell that started this, a function sees the path alone.
    env: { PATH: process.env.PATH, ...own, ...environment },
  });
}

function killNow(running: FunctionProcess | undefined): void {
  if (running?.pid !== undefined) process.kill(running.pid, 'SIGKILL');
}

function triggersOf(cloud: Cloud, name: string): FunctionTrigger[] {
  return cloud.topology.functions[name]?.triggers ?? [];
}

interface Target {
  name: string;
  url: string;
  options: DeployOptions;
}

/** Points one trigger of each kind at the function. */
const POINT: {
  [Kind in FunctionTrigger['kind']]: (
    trigger: Extract<FunctionTrigger, { kind: Kind }>,
    target: Target,
  ) => void;
} = {
  storage(trigger, { name, url, options: { cloud } }) {
    cloud.eventarc.declareTrigger({ ...eventarcTrigger(name, trigger), url });
  },
  async pubsub(trigger, { url, options: { cloud } }) {
    await cloud.pubsub.declarePushSubscription({
      name: subscriptionName(trigger.subscription),
      topic: topicName(trigger.topic),
      pushEndpoint: url,
      pushPath: `/${topicName(trigger.topic)}`,
      ackDeadlineSeconds: trigger.ackDeadlineSeconds,
      minimumBackoffMs: trigger.minimumBackoffSeconds * 1000,
      maximumBackoffMs: trigger.maximumBackoffSeconds * 1000,
      deadLetterTopic: topicName(trigger.deadLetterTopic),
      maxDeliveryAttempts: trigger.maxDeliveryAttempts,
    });
  },
  schedule({ attemptDeadlineSeconds }, { name, url, options: { cloud, scheduleMs } }) {
    cloud.scheduler.declareJob({
      name,
      url,
      intervalMs: scheduleMs,
      attemptDeadlineMs: attemptDeadlineSeconds * 1000,
    });
  },
};

function point<Kind extends FunctionTrigger['kind']>(
  trigger: Extract<FunctionTrigger, { kind: Kind }>,
  target: Target,
): void | Promise<void> {
  return POINT[trigger.kind as Kind](trigger, target);
}
