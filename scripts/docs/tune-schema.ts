import * as z from 'zod';
import { type ManifestKey, ManifestSchema } from '../../shared/core/manifest/keys.ts';
import { formatJson } from './json.ts';

/** What the JSON Schema says of one key. */
export interface KeySchema {
  description: string;
  type?: string;
  enum?: string[];
  anyOf?: { type: string; enum?: string[] }[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  pattern?: string;
}

export interface TuneSchema {
  properties: Record<ManifestKey, KeySchema>;
  required: ManifestKey[];
}

/** The JSON Schema of `tune.json`, draft 2020-12. */
export function tuneSchema(): TuneSchema {
  return z.toJSONSchema(ManifestSchema, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as unknown as TuneSchema;
}

/** For editors: a manifest that cancels needs no model, which zod cannot say. */
export function renderTuneSchema(): string {
  const { required, ...schema } = tuneSchema();
  const content = {
    ...schema,
    title: 'tune.json, the manifest of a tuning run',
    anyOf: [{ required }, { properties: { cancel: { const: true } }, required: ['cancel'] }],
  };
  return formatJson(content);
}
