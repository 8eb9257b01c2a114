import type { Logger } from '../ports.ts';

type Severity = 'INFO' | 'WARNING' | 'ERROR';

/**
 * One JSON object a line, as Cloud Logging reads it. What comes from users stays under `fields`, so it can never
 * pose as a severity, a trace or a line of its own.
 */
export function createLogger(component: string, write: (line: string) => void): Logger {
  const log = (severity: Severity) => (message: string, fields?: Record<string, unknown>) =>
    write(`${JSON.stringify({ severity, message, component, ...(fields ? { fields } : {}) })}\n`);
  return { info: log('INFO'), warn: log('WARNING'), error: log('ERROR') };
}
