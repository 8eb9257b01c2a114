import type { Logger } from '../../shared/ports.ts';
import { createLogger } from '../../shared/runtime/logger.ts';

/** What Cloud Logging would have. */
export interface LogEntry {
  severity: string;
  message: string;
  fields?: Record<string, unknown>;
}

/** The product's own logger, whose lines are kept. */
export function createLog(): { entries: LogEntry[]; logger: Logger } {
  const entries: LogEntry[] = [];
  return { entries, logger: createLogger('test', (line) => void entries.push(JSON.parse(line))) };
}
