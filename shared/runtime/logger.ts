import { asTuneError } from '../core/errors/errors.ts';
import { stackOf } from '../core/errors/origin.ts';
import { printable } from '../core/json/printable.ts';
import type { Logger } from '../ports.ts';

type Severity = 'INFO' | 'WARNING' | 'ERROR';

/**
 * One JSON object a line, as Cloud Logging reads it. What comes from users stays under `fields`, so it can never
 * pose as a severity, a trace or a line of its own, nor steer the terminal of whoever reads the log.
 */
export function createLogger(component: string, write: (line: string) => void): Logger {
  const log = (severity: Severity) => (message: string, fields?: Record<string, unknown>) =>
    write(`${printable(JSON.stringify({ severity, message, component, fields }))}\n`);
  const [info, warn, error] = [log('INFO'), log('WARNING'), log('ERROR')];
  const lacking = new Set<string>();

  return {
    ...{ info, warn, error },
    thrown(message, thrown, fields) {
      const { kind, reason, message: words, remedy, retry } = asTuneError(thrown);
      const line = { ...fields, kind, reason, error: words, remedy, stack: stackOf(thrown) };
      if (kind !== 'misconfiguration') return (retry === 'soon' ? warn : error)(message, line);
      const cause = `${reason} ${remedy}`;
      if (lacking.has(cause)) return;
      lacking.add(cause);
      error('the deployment lacks something that this function needs', { ...line, during: message });
    },
  };
}
