import { TuneError } from '../core/errors/errors.ts';
import { type ServiceTarget, serviceError } from '../core/errors/service-error.ts';

/** How Firestore's client begins what it says of values that no document can hold. */
const REFUSED_VALUE = /^(?:Value for argument |Cannot encode )/;

/** Calls the deployment's own database or topic. Rejects with TuneErrors alone, whose cause is what the client threw. */
export async function callService<Value>(
  target: ServiceTarget,
  doing: string,
  call: () => Promise<Value>,
): Promise<Value> {
  try {
    return await call();
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
