/** Faults inside a body, which come after the call itself was served. */

import type { IncomingMessage } from 'node:http';
import type { FaultOf } from '../../fault-rules.ts';
import type { FaultScript } from '../../faults.ts';
import { BY_HAND } from './call.ts';

export type BodyFault = FaultOf<'break'> | FaultOf<'hang'>;

/** The next fault of a download or an upload, for the one that this request is. */
export function bodyFault(
  faults: FaultScript,
  method: 'download' | 'upload',
  { headers, url = '' }: IncomingMessage,
): BodyFault | undefined {
  if (headers['user-agent'] === BY_HAND) return undefined;
  const fault = faults.draw({ method, target: url.replaceAll('%2F', '/') });
  return fault.kind === 'break' || fault.kind === 'hang' ? fault : undefined;
}
