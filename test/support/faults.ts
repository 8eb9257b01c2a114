import { TuneError } from '../../shared/core/errors/errors.ts';
import type { World } from './world.ts';

/** Faults that no run is to blame for, as the functions meet them. */

/** A mistake of our own: a TypeError that begins in a function with this name. */
export function misreadAnAnswer(): never {
  const answer = {} as { job: { name: string } };
  throw new Error(answer.job.name);
}

/** A method that makes this mistake whatever it is asked. */
export const mistaken = async (): Promise<never> => misreadAnAnswer();

export const unknownAnswer = () =>
  new TuneError('unknownAnswer', 'Vertex AI answered reading the job in a shape: state: expected string.', {
    reason: 'UnknownAnswer',
  });

export const pubSubDenied = () =>
  new TuneError('misconfiguration', 'Pub/Sub answered publishing with PERMISSION_DENIED', {
    reason: 'PubSubDenied',
    remedy: 'Grant it: gcloud pubsub topics add-iam-policy-binding submit-requests',
  });

/** Puts other methods into a part of the world, as a bad deployment would; what it gives takes them out again. */
export function deployBadly<Part extends object>(part: Part, methods: Partial<Part>): () => void {
  const before = { ...part };
  Object.assign(part, methods);
  return () => void Object.assign(part, before);
}

/** Minutes in which poll ticks and what it asks for arrives. */
export async function minutes(world: World, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    world.pass(60);
    await world.poll();
    await world.deliver();
  }
}

/** The lines of the log that show a stack in which this function is. */
export function linesNaming(world: World, name: string) {
  return world.log.filter(({ fields }) => String(fields?.stack).includes(`at ${name} `));
}
