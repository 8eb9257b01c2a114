import type { FaultScript } from '../faults.ts';
import { unaryMethods } from './rpc.ts';

/** google.pubsub.v1.SchemaService: there are none, and every other method is refused as not implemented. */
export function schemaMethods(faults: FaultScript) {
  return unaryMethods(faults, { ListSchemas: () => ({ schemas: [] }) });
}
