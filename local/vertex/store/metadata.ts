import type { JsonObject } from '../http/json.ts';

/** `Context` of Vertex ML Metadata, the fields that an experiment carries. */
export type MetadataContext = {
  name: string;
  displayName: string;
  schemaTitle: string;
  schemaVersion: string;
  metadata: JsonObject;
  parentContexts: string[];
  createTime: string;
  updateTime: string;
};
