import { type HclValue, isUnknown } from './values.ts';

type Call = (...values: HclValue[]) => HclValue;

const list = (value: HclValue | undefined): HclValue[] => {
  if (Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is no list`);
};
const map = (value: HclValue | undefined): { [key: string]: HclValue } => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value)) return value;
  throw new Error(`${JSON.stringify(value)} is no map`);
};
const text = (value: HclValue | undefined) => String(value);
const same = (a: HclValue, b: HclValue) => JSON.stringify(a) === JSON.stringify(b);
const distinct = (values: HclValue[]) =>
  values.filter((value, at) => values.findIndex((other) => same(value, other)) === at);
const flatten = (value: HclValue): HclValue[] => (Array.isArray(value) ? value.flatMap(flatten) : [value]);

/** Terraform's functions, as far as they are used: https://developer.hashicorp.com/terraform/language/functions. Sets are lists without twins. */
export const FUNCTIONS: Readonly<Record<string, Call>> = {
  abspath: (path = '') => path,
  alltrue: (values) => list(values).every((value) => value === true),
  anytrue: (values) => list(values).some((value) => value === true),
  basename: (path) => text(path).split('/').at(-1) ?? '',
  coalesce: (...values) => values.find((value) => value !== null && value !== '') ?? null,
  ceil: (value) => Math.ceil(Number(value)),
  chunklist: (values, size) => {
    const chunks = Math.ceil(list(values).length / Number(size));
    return Array.from({ length: chunks }, (_value, at) =>
      list(values).slice(at * Number(size), (at + 1) * Number(size)),
    );
  },
  compact: (values) => list(values).filter((value) => value !== null && value !== ''),
  concat: (...lists) => lists.flatMap(list),
  contains: (values, value = null) => list(values).some((item) => same(item, value)),
  distinct: (values) => distinct(list(values)),
  element: (values, at) => list(values)[Number(at) % list(values).length] ?? null,
  endswith: (value, end) => text(value).endsWith(text(end)),
  flatten: (values) => list(values).flatMap(flatten),
  floor: (value) => Math.floor(Number(value)),
  format: (pattern, ...values) => text(pattern).replace(/%[sdqv]/g, () => text(values.shift())),
  formatlist: (pattern, values) => list(values).map((value) => text(pattern).replace(/%[sdqv]/, text(value))),
  join: (separator, values) => list(values).map(text).join(text(separator)),
  jsondecode: (value) => JSON.parse(text(value)) as HclValue,
  jsonencode: (value) => JSON.stringify(value),
  keys: (value) => Object.keys(map(value)).sort(),
  length: (value) =>
    typeof value === 'string'
      ? value.length
      : Array.isArray(value)
        ? value.length
        : Object.keys(map(value)).length,
  lookup: (of, key, otherwise = null) => map(of)[text(key)] ?? otherwise,
  lower: (value) => (value !== undefined && isUnknown(value) ? value : text(value).toLowerCase()),
  max: (...values) => Math.max(...values.map(Number)),
  merge: (...maps) => Object.assign({}, ...maps.filter((value) => value !== null).map(map)) as HclValue,
  min: (...values) => Math.min(...values.map(Number)),
  one: (values) => list(values)[0] ?? null,
  range: (...bounds) => {
    const [start, end] = bounds.length === 1 ? [0, Number(bounds[0])] : bounds.map(Number);
    return Array.from({ length: Math.max(0, (end ?? 0) - (start ?? 0)) }, (_value, at) => at + (start ?? 0));
  },
  replace: (value, from, to) => text(value).replaceAll(text(from), text(to)),
  setintersection: (first, ...others) =>
    list(first).filter((value) => others.every((other) => list(other).some((item) => same(item, value)))),
  setproduct: (...sets) =>
    sets
      .map(list)
      .reduce<HclValue[][]>((rows, set) => rows.flatMap((row) => set.map((item) => [...row, item])), [[]]),
  setsubtract: (from, what) => list(from).filter((value) => !list(what).some((item) => same(item, value))),
  setunion: (...sets) => distinct(sets.flatMap(list)).sort(),
  slice: (values, from, to) => list(values).slice(Number(from), Number(to)),
  sort: (values) => list(values).map(text).sort(),
  split: (separator, value) => text(value).split(text(separator)),
  startswith: (value, start) => text(value).startsWith(text(start)),
  title: (value) => text(value).replace(/\b\w/g, (letter) => letter.toUpperCase()),
  tolist: (value) => list(value),
  tomap: (value) => map(value),
  tonumber: (value) => Number(value),
  toset: (value) => distinct(list(value)).sort(),
  tostring: (value) => (value === null ? null : text(value)),
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
  zipmap: (names, values) =>
    Object.fromEntries(list(names).map((name, at) => [text(name), list(values)[at] ?? null])),
};
