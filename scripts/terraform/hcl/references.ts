import { parseTemplate } from './parse.ts';
import { type Expression, SPLAT_ELEMENT } from './syntax.ts';

/** A path that begins with a name of Terraform: `["google_pubsub_topic", "this", "name"]`, without what stands in brackets. */
export type Reference = readonly string[];

/** Every reference of an expression, without the names that a `for` of its own makes. */
export function referencesOf(expression: Expression, own: ReadonlySet<string> = new Set()): Reference[] {
  const within = (part: Expression, names = own) => referencesOf(part, names);
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'name':
    case 'get':
    case 'index':
    case 'splat':
      return pathReferences(expression, own);
    case 'template':
      return expression.parts.flatMap((part) => within(part));
    case 'call':
      return expression.arguments.flatMap((part) => within(part));
    case 'list':
      return expression.items.flatMap((part) => within(part));
    case 'object':
      return expression.items.flat().flatMap((part) => within(part));
    case 'unary':
      return within(expression.of);
    case 'binary':
      return [...within(expression.left), ...within(expression.right)];
    case 'conditional':
      return [expression.condition, expression.yes, expression.no].flatMap((part) => within(part));
    case 'for': {
      const names = new Set([...own, expression.value, expression.key ?? expression.value]);
      const inner = [expression.resultKey, expression.result, expression.condition].filter(
        (part) => part !== undefined,
      );
      return [...within(expression.over), ...inner.flatMap((part) => within(part, names))];
    }
  }
}

function pathReferences(expression: Expression, own: ReadonlySet<string>): Reference[] {
  const found: Reference[] = [];
  const pathOf = (part: Expression): string[] | undefined => {
    if (part.kind === 'name')
      return own.has(part.name) || part.name === SPLAT_ELEMENT ? undefined : [part.name];
    if (part.kind === 'get') {
      const path = pathOf(part.of);
      return path && [...path, part.name];
    }
    if (part.kind === 'index') {
      found.push(...referencesOf(part.key, own));
      return pathOf(part.of);
    }
    if (part.kind === 'splat') {
      const path = pathOf(part.of);
      return path && [...path, ...namesAfterElement(part.each)];
    }
    found.push(...referencesOf(part, own));
    return undefined;
  };
  const path = pathOf(expression);
  return path ? [path, ...found] : found;
}

function namesAfterElement(each: Expression): string[] {
  if (each.kind === 'get') return [...namesAfterElement(each.of), each.name];
  return each.kind === 'index' ? namesAfterElement(each.of) : [];
}

/** Every reference in a value as hcl2json gives it: texts are templates, keys too. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === 'string') return referencesOf(parseTemplate(value));
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...referencesIn(key), ...referencesIn(inner)]);
}
