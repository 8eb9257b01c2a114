import * as z from 'zod';
import { type ManifestKey, ManifestSchema } from '../../shared/core/manifest/keys.ts';
import { MOST_SWEPT_RUNS, SWEPT_KEYS } from '../../shared/core/manifest/sweep.ts';
import { formatJson } from './json.ts';
import { MANIFEST_EXAMPLES } from './manifest-examples.ts';

/** What the JSON Schema says of one key. */
export interface KeySchema {
  description: string;
  type?: string;
  enum?: string[];
  anyOf?: { type: string; enum?: string[]; items?: object }[];
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
  const schema = z.toJSONSchema(ManifestSchema) as unknown as TuneSchema;
  const lists = SWEPT_KEYS.map((key) => [key, orList(schema.properties[key])]);
  return { ...schema, properties: { ...schema.properties, ...Object.fromEntries(lists) } };
}

/** A setting of which a manifest may name several values. */
function orList({ description, ...value }: KeySchema): KeySchema {
  const choices = value.anyOf ?? [value as { type: string }];
  const items = choices.length === 1 ? choices[0] : { anyOf: choices };
  const list = { type: 'array', items, minItems: 1, maxItems: MOST_SWEPT_RUNS };
  return {
    description: `${description} A list asks for a run with each of its values.`,
    anyOf: [...choices, list],
  };
}

/** For editors: a manifest that cancels or goes on from a tuned model needs no base model, which zod cannot say. */
export function renderTuneSchema(): string {
  const { required, ...schema } = tuneSchema();
  const content = {
    ...schema,
    title: 'tune.json, the manifest of a tuning run',
    examples: MANIFEST_EXAMPLES.map(({ manifest }) => manifest),
    anyOf: [
      { required },
      { required: ['pre_tuned_model'] },
      { properties: { cancel: { const: true } }, required: ['cancel'] },
    ],
  };
  return formatJson(content);
}
