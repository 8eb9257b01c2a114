import { parse } from 'yaml';
import { canonical, type HclValue, isUnknown, known, NoAnswer, numberIn, truth } from './values.ts';

type Call = (...values: HclValue[]) => HclValue;

const list = (value: HclValue | undefined): HclValue[] => {
  if (Array.isArray(value)) return value;
  if (isUnknown(value)) throw new NoAnswer(`a list hangs on ${value}, which only a deployment knows`);
  throw new Error(`${JSON.stringify(value)} is no list`);
};
const map = (value: HclValue | undefined): { [key: string]: HclValue } => {
  if (isUnknown(value)) throw new NoAnswer(`a map hangs on ${value}, which only a deployment knows`);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is no map`);
};
/** What is put into another text: the address of what is not known is as good as it. */
const part = (value: HclValue | undefined): string => {
  if (isUnknown(value)) return String(value);
  if (value === undefined || value === null || typeof value === 'object') {
    throw new Error(`${JSON.stringify(value)} is no text`);
  }
  return String(value);
};
/** What is looked into. */
const text = (value: HclValue | undefined) => part(value === undefined ? value : known(value, 'a text'));
const number = (value: HclValue | undefined) => numberIn(value ?? null, 'an argument');
const whole = (value: HclValue | undefined) => {
  if (Number.isInteger(number(value))) return number(value);
  throw new Error(`${JSON.stringify(value)} is no whole number`);
};
/** Two values of which one is not known are the same only as the same address. */
const same = (a: HclValue, b: HclValue): boolean => {
  if (isUnknown(a) && isUnknown(b) && a.address === b.address) return true;
  return canonical(a) === canonical(b);
};
/** Elements that are not known are told apart by their addresses: nothing hangs on more. */
const distinct = (values: HclValue[]) => [
  ...new Map(values.map((value) => [JSON.stringify(sorted(value)), value])).values(),
];
/** `%s` and the like, one for each value; another verb has no answer here. */
const formatted = (pattern: HclValue | undefined, values: HclValue[]) => {
  const rest = [...values];
  const result = text(pattern).replace(/%(%|[^%])/g, (verb, sign: string) => {
    if (sign === '%') return '%';
    if (!/[sdv]/.test(sign) || rest.length === 0) throw new NoAnswer(`${verb} of format has no answer here`);
    return part(rest.shift());
  });
  if (rest.length > 0) throw new Error('format has more values than its text has places');
  return result;
};
const literal = (value: HclValue | undefined) => {
  const pattern = text(value);
  if (/^\/.*\/$/s.test(pattern)) throw new NoAnswer('replace with a regular expression has no answer here');
  return pattern;
};
const sorted = (value: HclValue): HclValue => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || isUnknown(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, of]) => [key, sorted(of)]),
  );
};
const flatten = (value: HclValue): HclValue[] => (Array.isArray(value) ? value.flatMap(flatten) : [value]);

/** Terraform's functions, as far as they are used: https://developer.hashicorp.com/terraform/language/functions. Sets are lists without twins. */
export const FUNCTIONS: Readonly<Record<string, Call>> = {
  abspath: (path = '') => path,
  alltrue: (values) => list(values).every((value) => truth(value, 'alltrue')),
  anytrue: (values) => list(values).some((value) => truth(value, 'anytrue')),
  basename: (path) => part(path).split('/').at(-1) ?? '',
  coalesce: (...values) => {
    const found = values.find((value) => value !== null && value !== '');
    if (found === undefined) throw new Error('coalesce has no value that is there');
    return found;
  },
  ceil: (value) => Math.ceil(number(value)),
  chunklist: (values, size) => {
    const chunks = Math.ceil(list(values).length / whole(size));
    return Array.from({ length: chunks }, (_value, at) =>
      list(values).slice(at * whole(size), (at + 1) * whole(size)),
    );
  },
  compact: (values) => list(values).filter((value) => value !== null && value !== ''),
  concat: (...lists) => lists.flatMap(list),
  contains: (values, value = null) => list(values).some((item) => same(item, value)),
  distinct: (values) => distinct(list(values)),
  element: (values, at) => {
    const item = list(values)[whole(at) % list(values).length];
    if (item === undefined) throw new Error(`a list has no element ${at}`);
    return item;
  },
  endswith: (value, end) => text(value).endsWith(text(end)),
  flatten: (values) => list(values).flatMap(flatten),
  floor: (value) => Math.floor(number(value)),
  format: (pattern, ...values) => formatted(pattern, values),
  formatlist: (pattern, values) => list(values).map((value) => formatted(pattern, [value])),
  join: (separator, values) => list(values).map(part).join(text(separator)),
  jsondecode: (value) => JSON.parse(text(value)) as HclValue,
  jsonencode: (value = null) => JSON.stringify(sorted(value)),
  keys: (value) => Object.keys(map(value)).sort(),
  length: (value) =>
    typeof value === 'string'
      ? [...value].length
      : Array.isArray(value)
        ? value.length
        : Object.keys(map(value)).length,
  lookup: (of, key, otherwise) => {
    const found = map(of)[text(key)] ?? otherwise;
    if (found === undefined) throw new Error(`a map has no ${JSON.stringify(key)}`);
    return found;
  },
  lower: (value) => (value !== undefined && isUnknown(value) ? value : text(value).toLowerCase()),
  max: (...values) => Math.max(...values.map(number)),
  merge: (...maps) => Object.assign({}, ...maps.filter((value) => value !== null).map(map)) as HclValue,
  min: (...values) => Math.min(...values.map(number)),
  one: (values) => {
    if (list(values).length > 1) throw new Error('one(...) has more than one element');
    return list(values)[0] ?? null;
  },
  range: (...bounds) => {
    const [start, end] = bounds.length === 1 ? [0, whole(bounds[0])] : bounds.map(whole);
    return Array.from({ length: Math.max(0, (end ?? 0) - (start ?? 0)) }, (_value, at) => at + (start ?? 0));
  },
  replace: (value, from, to) => text(value).replaceAll(literal(from), text(to).replaceAll('$', '$$$$')),
  setintersection: (first, ...others) =>
    list(first).filter((value) => others.every((other) => list(other).some((item) => same(item, value)))),
  setproduct: (...sets) =>
    sets
      .map(list)
      .reduce<HclValue[][]>((rows, set) => rows.flatMap((row) => set.map((item) => [...row, item])), [[]]),
  setsubtract: (from, what) => list(from).filter((value) => !list(what).some((item) => same(item, value))),
  setunion: (...sets) => distinct(sets.flatMap(list)).sort(),
  slice: (values, from, to) => {
    const [start, end] = [whole(from), whole(to)];
    if (start < 0 || end < start || end > list(values).length)
      throw new Error(`a list has no ${start} to ${end}`);
    return list(values).slice(start, end);
  },
  sort: (values) => list(values).map(text).sort(),
  split: (separator, value) => text(value).split(text(separator)),
  startswith: (value, start) => text(value).startsWith(text(start)),
  title: (value) => text(value).replace(/\b\w/g, (letter) => letter.toUpperCase()),
  tolist: (value) => list(value),
  tomap: (value) => map(value),
  tonumber: (value) => (value === null ? null : number(value)),
  toset: (value) => distinct(list(value)).sort(),
  tostring: (value) => (value === null ? null : part(value)),
  trimprefix: (value, start) =>
    text(value).startsWith(text(start)) ? text(value).slice(text(start).length) : text(value),
  trimspace: (value) => text(value).trim(),
  trimsuffix: (value, end) =>
    text(value).endsWith(text(end)) ? text(value).slice(0, -text(end).length) : text(value),
  upper: (value) => text(value).toUpperCase(),
  values: (value) =>
    Object.entries(map(value))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, item]) => item),
  yamldecode: (value) => parse(text(value)) as HclValue,
  zipmap: (names, values) => {
    if (list(names).length !== list(values).length) throw new Error('zipmap has lists of two lengths');
    return Object.fromEntries(list(names).map((name, at) => [text(name), list(values)[at] ?? null]));
  },
};
