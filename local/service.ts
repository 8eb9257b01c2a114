import type { Clock } from './clock.ts';
import type { FaultScript } from './faults.ts';

/** What every embedded service is given. */
export interface ServiceOptions {
  /** Loopback port; 0 picks a free one. */
  port: number;
  /** Folder of this service's state; the service makes it. The same folder after a restart gives the same state. */
  dataDir: string;
  clock: Clock;
  faults: FaultScript;
  /** One line for the operator's log; never the content of user data. */
  log: (line: string) => void;
}

/** What runs until it is closed. */
export interface Closable {
  /** Stops serving, drops open connections and flushes state. Safe to call twice. */
  close(): Promise<void>;
}

/** What every embedded service with a port gives back. */
export interface LocalService extends Closable {
  /** `127.0.0.1:PORT`, without a scheme. */
  readonly address: string;
  /** Opens one more port, for one caller: see callers.ts. Services that somebody else runs have none. */
  readonly door?: ((caller: string) => Promise<string>) | undefined;
}
