import { TuneError } from '../core/errors/errors.ts';
import { type ServiceTarget, serviceError } from '../core/errors/service-error.ts';
import { withDeadline } from './retry.ts';

/** How Firestore's client begins what it says of values that no document can hold. */
const REFUSED_VALUE = /^(?:Value for argument |Cannot encode )/;

/**
 * How long a call may take, the client's own tries included, which may go on for ten minutes. A list of thousands of runs is one call of
 * Firestore's port. Of what is published, the run document is the outbox: what was not accepted by then is sent again from there.
 */
const DEADLINE_MS: Record<ServiceTarget['service'], number> = { firestore: 60_000, pubsub: 10_000 };

/**
 * Calls the deployment's own database or topic, within a deadline. Rejects with TuneErrors alone, whose cause is what the client threw.
 */
export async function callService<Value>(
  target: ServiceTarget,
  doing: string,
  call: () => Promise<Value>,
): Promise<Value> {
  const { service, resource } = target;
  try {
    return await withDeadline(call(), DEADLINE_MS[service], `${doing} (${service}, ${resource})`);
  } catch (thrown) {
    if (thrown instanceof Error && REFUSED_VALUE.test(thrown.message)) {
      throw new TuneError('defect', thrown.message.slice(0, 1_000), { reason: 'Defect', cause: thrown });
    }
    throw serviceError(thrown, target, doing);
  }
}

type AnyMethod = (...parameters: never[]) => Promise<unknown>;

/** The same port, all of whose methods call the service so. */
export function withServiceErrors<Port extends object>(port: Port, target: ServiceTarget): Port {
  const methods = Object.entries(port as Record<string, AnyMethod>).map(
    ([name, method]): [string, AnyMethod] => [
      name,
      (...parameters) => callService(target, name, () => method(...parameters)),
    ],
  );
  return Object.fromEntries(methods) as Port;
}
