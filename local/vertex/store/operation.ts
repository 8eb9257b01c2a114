import type { JsonObject } from '../http/json.ts';

/** A long-running operation; it reports itself done from `doneMs` on. */
export interface OperationRecord {
  name: string;
  metadataType: string;
  /** What it answers once it is done. */
  response: JsonObject;
  createMs: number;
  doneMs: number;
}
