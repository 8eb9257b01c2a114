/** Functions that an example may call, in the words of OpenAI and of Google. */
import { copied } from '../../json/exact.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { valueOfText } from '../lines/text-value.ts';
import type { ToolDeclaration } from './example.ts';
import { isFlat, schemaOfFlat } from './flat-parameters.ts';
import { type FormReading, noteUnused } from './form.ts';
import { reportNoJson } from './json-text.ts';

/** The tools of an example as OpenAI and ShareGPT write them; null where something is wrong with them, undefined where there are none. */
export function readTools(
  value: unknown,
  path: string,
  reading: FormReading,
): ToolDeclaration[] | null | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const list = typeof value === 'string' ? valueOfText(value) : value;
  if (!Array.isArray(list)) {
    reportNoJson(value, 'a list of tools', { path, reading });
    return null;
  }
  const tools = list.map((tool, index) => readTool(tool, `${path}[${index}]`, reading));
  const sound = tools.filter((tool) => tool !== undefined);
  if (sound.length < tools.length) return null;
  return sound.length > 0 ? sound : undefined;
}

/** What OpenAI calls the schema of what a function is called with, and Anthropic. */
const SCHEMAS = ['parameters', 'input_schema'] as const;

function readTool(tool: unknown, path: string, reading: FormReading): ToolDeclaration | undefined {
  const declared = isObject(tool) && isObject(tool.function) ? tool.function : tool;
  if (!isObject(declared) || typeof declared.name !== 'string' || declared.name === '') {
    reading.report('field_missing', { field: 'name' }, { path });
    return undefined;
  }
  noteUnused(declared, ['name', 'description', ...SCHEMAS, 'type', 'cache_control'], reading, 'tools[].');
  const schema = SCHEMAS.find((field) => isObject(declared[field]));
  const given = schema && (declared[schema] as ParsedObject);
  const parameters = given && isFlat(given) ? schemaOfFlat(given, reading) : given;
  return declarationOf({ ...declared, parameters });
}

function declarationOf({ name, description, parameters }: ParsedObject): ToolDeclaration {
  return {
    name: String(name),
    description: typeof description === 'string' ? description : undefined,
    parameters: isObject(parameters) ? withTypes(parameters, 'lower') : undefined,
  };
}

/** Google's tools: `[{"functionDeclarations": [{"name", "description", "parameters"}]}]`. */
export function toolsOfGemini(value: unknown, reading: FormReading): ToolDeclaration[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const declared = value.filter(isObject).flatMap((tool) => {
    noteUnused(tool, ['functionDeclarations', 'function_declarations'], reading, 'tools[].');
    return tool.functionDeclarations ?? tool.function_declarations ?? [];
  });
  const objects = declared.filter(isObject);
  for (const one of objects) noteUnused(one, ['name', 'description', 'parameters'], reading, 'tools[].');
  const tools = objects.map(declarationOf);
  return tools.length > 0 ? tools : undefined;
}

export function writeGeminiTools(tools: readonly ToolDeclaration[]): object[] {
  const functionDeclarations = tools.map(({ parameters, ...rest }) => ({
    ...rest,
    parameters: parameters && withTypes(parameters, 'upper'),
  }));
  return [{ functionDeclarations }];
}

/** Google's Schema has its types in capitals, JSON Schema in small letters. */
function withTypes(schema: ParsedObject, letters: 'upper' | 'lower'): ParsedObject {
  return mapSchema(schema, (key, value) => {
    if (key !== 'type' || typeof value !== 'string') return value;
    return letters === 'upper' ? value.toUpperCase() : value.toLowerCase();
  });
}

/** What of JSON Schema Google's Schema has: Vertex AI, `Schema`. Other words are not known to its reader. */
const SCHEMA_WORDS = new Set([
  ...[
    'type',
    'format',
    'title',
    'description',
    'nullable',
    'default',
    'items',
    'minItems',
    'maxItems',
    'enum',
  ],
  ...['properties', 'propertyOrdering', 'required', 'minProperties', 'maxProperties', 'minimum', 'maximum'],
  ...['minLength', 'maxLength', 'pattern', 'example', 'anyOf'],
]);

const isKnownWord = (key: string, value: unknown) =>
  SCHEMA_WORDS.has(key) && (key !== 'type' || typeof value === 'string');

/** Whether a schema says something that Google's Schema has no word for. */
export function hasOtherWords(schema: ParsedObject): boolean {
  let isMet = false;
  mapSchema(schema, (key, value) => {
    isMet ||= !isKnownWord(key, value);
    return value;
  });
  return isMet;
}

/** The schema with the words that Google's Schema has. */
export function withKnownWords(schema: ParsedObject): ParsedObject {
  return mapSchema(schema, (key, value) => (isKnownWord(key, value) ? value : undefined));
}

/** A schema and all schemas in it, with each member as `map` gives it; without those that it makes undefined. */
function mapSchema(schema: ParsedObject, map: (key: string, value: unknown) => unknown): ParsedObject {
  const inside = (value: unknown) => (isObject(value) ? mapSchema(value, map) : value);
  const members = Object.entries(schema).flatMap(([key, value]) => {
    const mapped = map(key, value);
    if (mapped === undefined) return [];
    if (key === 'properties' && isObject(mapped)) return [[key, mapValues(mapped, inside)]];
    if (key === 'items') return [[key, inside(mapped)]];
    return [[key, key === 'anyOf' && Array.isArray(mapped) ? mapped.map(inside) : mapped]];
  });
  return copied(schema, Object.fromEntries(members));
}

const mapValues = (object: ParsedObject, map: (value: unknown) => unknown) =>
  copied(object, Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)])));
