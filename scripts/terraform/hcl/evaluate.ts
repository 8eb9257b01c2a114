// Works out expressions, with an address for what only a deployment knows.
import { FUNCTIONS } from './functions.ts';
import { parseTemplate } from './parse.ts';
import { type Expression, type ForExpression, SPLAT_ELEMENT } from './syntax.ts';
import { canonical, HclUnknown, type HclValue, isUnknown, NoAnswer, numberIn, truth } from './values.ts';

/** What names stand for. `resolve` gets a path of names and keys and answers for as much of it as it knows. */
export interface Scope {
  names: Readonly<Record<string, HclValue>>;
  /** `["local", "email"]`, `["google_pubsub_topic", "this", "x", "name"]`; undefined: nothing of that name. */
  resolve(path: readonly Step[]): HclValue | undefined;
  readFile(path: string): string;
}

export type Step = { name: string } | { key: HclValue };

export function evaluateText(text: string, scope: Scope): HclValue {
  return evaluate(parseTemplate(text), scope);
}

/** A value as hcl2json gives it, with every template in it worked out. */
export function evaluateJson(value: unknown, scope: Scope): HclValue {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluateJson(item, scope));
  if (typeof value !== 'object' || value === null) return value as HclValue;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      asText(evaluateText(key, scope)),
      evaluateJson(inner, scope),
    ]),
  );
}

function evaluate(expression: Expression, scope: Scope): HclValue {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return expression.parts.map((part) => asText(evaluate(part, scope))).join('');
    case 'name':
    case 'get':
    case 'index':
      return evaluatePath(expression, scope);
    case 'splat':
      return splat(evaluate(expression.of, scope), expression.each, scope);
    case 'call':
      return call(expression, scope);
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(
        expression.items.map(([key, value]) => [asText(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'for':
      return loop(expression, scope);
    case 'conditional':
      return truth(evaluate(expression.condition, scope), 'a condition')
        ? evaluate(expression.yes, scope)
        : evaluate(expression.no, scope);
    case 'unary': {
      const value = evaluate(expression.of, scope);
      return expression.operator === '!' ? !truth(value, '!') : -numberIn(value, '-');
    }
    case 'binary':
      return binary(
        expression.operator,
        () => evaluate(expression.left, scope),
        () => evaluate(expression.right, scope),
      );
  }
}

function asText(value: HclValue): string {
  if (value !== null && typeof value === 'object' && !isUnknown(value)) {
    throw new Error(`${JSON.stringify(value).slice(0, 60)} stands in a text`);
  }
  return String(value);
}

function evaluatePath(expression: Expression, scope: Scope): HclValue {
  const steps: Step[] = [];
  let at = expression;
  while (at.kind === 'get' || at.kind === 'index') {
    steps.unshift(at.kind === 'get' ? { name: at.name } : { key: evaluate(at.key, scope) });
    at = at.of;
  }
  if (at.kind !== 'name') return steps.reduce(follow, evaluate(at, scope));
  const own = scope.names[at.name];
  if (own !== undefined) return steps.reduce(follow, own);
  const value = scope.resolve([{ name: at.name }, ...steps]);
  if (value === undefined) throw new Error(`${at.name} is nothing`);
  return value;
}

/** One step into a value: an argument, an element, or the address of what is not known. */
export function follow(value: HclValue, step: Step): HclValue {
  const key = 'name' in step ? step.name : step.key;
  if (isUnknown(value))
    return new HclUnknown(`${value.address}${'name' in step ? `.${step.name}` : `[${JSON.stringify(key)}]`}`);
  if (Array.isArray(value)) {
    const item = value[Number(key)];
    if (item !== undefined) return item;
  } else if (typeof value === 'object' && value !== null) {
    const item = value[String(key)];
    if (item !== undefined) return item;
  }
  throw new Error(`${JSON.stringify(value).slice(0, 80)} has no ${JSON.stringify(key)}`);
}

function splat(value: HclValue, each: Expression, scope: Scope): HclValue {
  const items = Array.isArray(value) ? value : value === null ? [] : [value];
  return items.map((item) => evaluate(each, { ...scope, names: { ...scope.names, [SPLAT_ELEMENT]: item } }));
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): HclValue {
  const { name, spread } = expression;
  const attempts = expression.arguments.map((argument) => () => evaluate(argument, scope));
  if (name === 'try') return firstThatWorks(attempts);
  if (name === 'can') return attempts.every(works);
  const values = attempts.map((attempt) => attempt());
  if (spread) values.push(...((values.pop() ?? []) as HclValue[]));
  if (name === 'file') return scope.readFile(String(values[0]));
  if (/^file(?:md5|sha\d+|base64)/.test(name)) return new HclUnknown(`${name}(${String(values[0])})`);
  const known = FUNCTIONS[name];
  if (!known) throw new NoAnswer(`the function ${name} is not in scripts/terraform/hcl/functions.ts`);
  return known(...values);
}

function works(attempt: () => HclValue): boolean {
  try {
    attempt();
    return true;
  } catch (thrown) {
    if (thrown instanceof NoAnswer) throw thrown;
    return false;
  }
}

function firstThatWorks(attempts: (() => HclValue)[]): HclValue {
  const found = attempts.find(works);
  if (!found) throw new Error('nothing in try(...) works');
  return found();
}

function loop(
  { key, value, over, resultKey, result, condition, grouped }: ForExpression,
  scope: Scope,
): HclValue {
  const rows = entriesOf(evaluate(over, scope))
    .map(([at, item]) => ({
      ...scope,
      names: { ...scope.names, [key ?? value]: at, [value]: item },
    }))
    .filter((inner) => condition === undefined || truth(evaluate(condition, inner), 'the if of a for'));
  if (!resultKey) return rows.map((inner) => evaluate(result, inner));
  const pairs = rows.map((inner) => [asText(evaluate(resultKey, inner)), evaluate(result, inner)] as const);
  if (!grouped) return Object.fromEntries(pairs);
  return Object.fromEntries(
    [...Map.groupBy(pairs, ([name]) => name)].map(([name, group]) => [name, group.map(([, item]) => item)]),
  );
}

/** What a `for` or a `for_each` goes over; of what is not known, one element that is not known. */
export function entriesOf(value: HclValue): [HclValue, HclValue][] {
  if (isUnknown(value))
    return [[new HclUnknown(`${value.address}:key`), new HclUnknown(`${value.address}:each`)]];
  if (Array.isArray(value)) return value.map((item, at) => [at, item]);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  throw new Error(`${JSON.stringify(value)} cannot be gone over`);
}

function binary(operator: string, left: () => HclValue, right: () => HclValue): HclValue {
  if (operator === '&&') return truth(left(), operator) && truth(right(), operator);
  if (operator === '||') return truth(left(), operator) || truth(right(), operator);
  const [a, b] = [left(), right()];
  if (operator === '==') return canonical(a) === canonical(b);
  if (operator === '!=') return canonical(a) !== canonical(b);
  const [x, y] = [numberIn(a, operator), numberIn(b, operator)];
  const numbers: Record<string, () => HclValue> = {
    '<': () => x < y,
    '>': () => x > y,
    '<=': () => x <= y,
    '>=': () => x >= y,
    '+': () => x + y,
    '-': () => x - y,
    '*': () => x * y,
    '/': () => x / y,
    '%': () => x % y,
  };
  const work = numbers[operator];
  if (!work) throw new NoAnswer(`the operator ${operator} is not in scripts/terraform/hcl/evaluate.ts`);
  const result = work();
  if (typeof result === 'number' && !Number.isFinite(result))
    throw new Error(`${x} ${operator} ${y} is no number`);
  return result;
}
