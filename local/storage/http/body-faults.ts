/** Faults inside a body, which come after the call itself was served. */

import type { IncomingMessage } from 'node:http';
import type { FaultOf } from '../../fault-rules.ts';
import type { FaultScript } from '../../faults.ts';
import { isByHand } from './call.ts';

export type BodyFault = FaultOf<'break'> | FaultOf<'hang'>;

/** The next fault of a download or an upload, for the one that this request is. */
export function bodyFault(
  faults: FaultScript,
  method: 'download' | 'upload',
  request: IncomingMessage,
): BodyFault | undefined {
  if (isByHand(request)) return undefined;
  const { url = '' } = request;
  const fault = faults.draw({ method, target: url.replaceAll('%2F', '/') });
  return fault.kind === 'break' || fault.kind === 'hang' ? fault : undefined;
}
