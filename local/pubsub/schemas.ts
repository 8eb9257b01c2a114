import type { FaultScript } from '../faults.ts';
import { unaryMethods } from './rpc.ts';

/** google.pubsub.v1.SchemaService: there are none, and whoever wants one is told that it is not implemented. */
export function schemaMethods(faults: FaultScript) {
  return unaryMethods(faults, { ListSchemas: () => ({ schemas: [] }) });
}
