import * as z from 'zod';

/** A zod schema as people read it: what fields an object has, of which type, and what each says. */

export interface Field {
  name: string;
  type: string;
  isOptional: boolean;
  meaning: string;
}

export interface ObjectFields {
  /** Where objects of this kind stand, such as `status.datasets.corpus_path`. */
  paths: string[];
  fields: Field[];
}

/** Fields of an object that is shown beside its name and gets no table of its own. */
const SHOWN_INLINE = 3;

/** The fields of an object, and of every object in it that needs a table of its own, in the order of the schema. */
export function objectsIn(schema: z.ZodObject, path: string): ObjectFields[] {
  const found = new Map<unknown, ObjectFields>();
  visit(schema, path, found);
  return [...found.values()];
}

function visit(schema: z.ZodObject, path: string, found: Map<unknown, ObjectFields>): void {
  const known = found.get(schema.shape);
  if (known) {
    known.paths.push(path);
    return;
  }
  found.set(schema.shape, { paths: [path], fields: fieldsOf(schema) });
  for (const [name, field] of Object.entries(schema.shape)) {
    for (const { object, suffix } of objectsWithin(field as z.ZodType)) {
      if (!isInline(object)) visit(object, `${path}.${name}${suffix}`, found);
    }
  }
}

/** The fields of one object. A field without a sentence is a mistake. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const meaning = meaningOf(field as z.ZodType);
    if (!meaning) throw new Error(`the field ${name} has no description`);
    return { name, type: typeOf(field as z.ZodType), isOptional: isOptional(field as z.ZodType), meaning };
  });
}

function meaningOf(schema: z.ZodType): string | undefined {
  const inner = unwrapped(schema);
  return schema.description ?? (inner && meaningOf(inner));
}

function isOptional(schema: z.ZodType): boolean {
  return schema instanceof z.ZodOptional;
}

/** The schema inside of one that makes it optional, nullable or gives it a default. */
function unwrapped(schema: z.ZodType): z.ZodType | undefined {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable;
  return isWrapper ? (schema.unwrap() as z.ZodType) : undefined;
}

/** The objects that a field may hold, by itself, in a list, or as one of several kinds that a field of theirs tells apart. */
function objectsWithin(schema: z.ZodType): { object: z.ZodObject; suffix: string }[] {
  const inner = unwrapped(schema);
  if (inner) return objectsWithin(inner);
  if (schema instanceof z.ZodObject) return [{ object: schema, suffix: '' }];
  if (schema instanceof z.ZodArray) {
    return objectsWithin(schema.element as z.ZodType).map(({ object }) => ({ object, suffix: '[]' }));
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    return (schema.options as z.ZodObject[]).map((object) => ({
      object,
      suffix: ` of ${typeOf(object.shape[discriminator] as z.ZodType).replaceAll('"', '')}`,
    }));
  }
  return [];
}

/** Few fields, none of which may be absent or is an object. */
function isInline(schema: z.ZodObject): boolean {
  const fields = Object.values(schema.shape) as z.ZodType[];
  const isPlain = (field: z.ZodType) => !isOptional(field) && objectsWithin(field).length === 0;
  return fields.length <= SHOWN_INLINE && fields.every(isPlain);
}

function typeOf(schema: z.ZodType): string {
  const inner = unwrapped(schema);
  if (inner) return schema instanceof z.ZodNullable ? `${typeOf(inner)} | null` : typeOf(inner);
  if (schema instanceof z.ZodArray) return listOf(typeOf(schema.element as z.ZodType));
  if (schema instanceof z.ZodRecord) return `map of ${typeOf(schema.valueType as z.ZodType)}`;
  if (schema instanceof z.ZodDiscriminatedUnion) return 'object';
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).map(typeOf).join(' | ');
  if (schema instanceof z.ZodEnum) return oneOf(schema.options);
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.values]);
  if (schema instanceof z.ZodObject) return isInline(schema) ? inlineText(schema) : 'object';
  return schema.type;
}

function listOf(type: string): string {
  return type.includes('|') ? `(${type})[]` : `${type}[]`;
}

/** A long list of words stands in a page of its own. */
function oneOf(options: readonly unknown[]): string {
  return options.length > 5 ? 'string' : options.map((option) => JSON.stringify(option)).join(' | ');
}

function inlineText(schema: z.ZodObject): string {
  const fields = fieldsOf(schema).map(({ name, type }) => `${name}: ${type}`);
  return `{ ${fields.join(', ')} }`;
}
