/** Parameters of a function as xLAM and others have them: one after the other, without the schema of an object around them. */
import { copied } from '../../json/exact.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { type FormReading, has } from './form.ts';

/** What Python calls the types of JSON Schema. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ str: 'string', int: 'integer', float: 'number', bool: 'boolean', list: 'array', dict: 'object' },
  ...{ string: 'string', integer: 'integer', number: 'number', boolean: 'boolean', array: 'array' },
  ...{ object: 'object', tuple: 'array', set: 'array' },
};
/** `List[int]`, `Dict[str, int]`. */
const GENERIC = /^(\w{1,9})\[(.*)\]$/s;

/** So many lists may lie in each other. */
const DEEPEST = 4;

/** Whether these are parameters by their names, and no schema. */
export const isFlat = (parameters: ParsedObject): boolean =>
  !has(parameters, 'properties') &&
  Object.keys(parameters).length > 0 &&
  Object.values(parameters).every((one) => isObject(one) && (has(one, 'type') || has(one, 'description')));

/** The schema of an object that has them; a type that has no word in JSON Schema is named as lost. */
export function schemaOfFlat(parameters: ParsedObject, reading: Pick<FormReading, 'onUnused'>): ParsedObject {
  const rows = Object.entries(parameters).filter((row): row is [string, ParsedObject] => isObject(row[1]));
  const properties = rows.map(([name, one]) => {
    const { type, required, ...rest } = one;
    const known = typeof type === 'string' ? schemaOfType(type) : {};
    if (known === undefined) reading.onUnused('type', 'tools[].parameters.');
    return [name, copied(one, { ...known, ...rest })];
  });
  const required = rows.flatMap(([name, one]) => (one.required === true ? name : []));
  const schema = { type: 'object', properties: Object.fromEntries(properties) };
  return required.length > 0 ? { ...schema, required } : schema;
}

/** A word of a type, which `, optional` may follow; undefined where there is none for it. */
function schemaOfType(written: string, depth = DEEPEST): ParsedObject | undefined {
  const word = written.replace(/,\s?optional$/, '').trim();
  const [, outer = word, inner] = GENERIC.exec(word) ?? [];
  const known = outer.toLowerCase();
  const type = Object.hasOwn(TYPES, known) ? TYPES[known] : undefined;
  if (type === undefined) return undefined;
  if (inner === undefined || type !== 'array' || depth === 0) return { type };
  const items = schemaOfType(inner, depth - 1);
  return items === undefined ? { type } : { type, items };
}
