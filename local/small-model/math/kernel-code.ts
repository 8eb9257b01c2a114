import { assemble, type Code, get, i32, repeatWhile, set, v128, when } from './wasm.ts';

/**
 * C (m x n) = or += A (m x k) times B, B packed in panels of eight columns. Strides are in bytes and n is a multiple of eight.
 * Every element is summed over k in order, one rounded product at a time, so the result never depends on the tile it fell in.
 */

/** Columns of one panel: two vectors of four lanes. */
export const PANEL = 8;
const TILE_ROWS = 4;

const PARAMETERS = ['m', 'n', 'k', 'a', 'aRow', 'aColumn', 'b', 'c', 'cRow', 'accumulate'] as const;
const POINTERS = [
  'rowsLeft',
  'columnsLeft',
  'kLeft',
  'aTile',
  'cTile',
  'aAt',
  'bAt',
  'panel',
  'cAt',
] as const;
const VECTORS = ['left', 'right', 'factor'] as const;
const ACCUMULATORS = 2 * TILE_ROWS;

type Name = (typeof PARAMETERS)[number] | (typeof POINTERS)[number] | (typeof VECTORS)[number];
const NAMES: readonly Name[] = [...PARAMETERS, ...POINTERS, ...VECTORS];
const local = (name: Name) => NAMES.indexOf(name);
const read = (name: Name) => get(local(name));
const write = (name: Name, value: Code) => set(local(name), value);
const advance = (name: Name, by: Code) => write(name, i32.add(read(name), by));
const accumulator = (row: number, half: number) => NAMES.length + 2 * row + half;

const HALF_BYTES = 16;
const PANEL_BYTES = 2 * HALF_BYTES;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const each = (rows: number, code: (row: number) => Code) => range(rows).flatMap(code);
const some = (name: Name) => i32.atLeast(read(name), i32.const(1));

/** Walks down the rows of C, from the tile's first. */
const eachRowOfC = (rows: number, code: (row: number) => Code) => [
  ...write('cAt', read('cTile')),
  ...each(rows, (row) => [...code(row), ...advance('cAt', read('cRow'))]),
];

function tile(rows: number): Code {
  const clear = each(rows, (row) => [
    ...set(accumulator(row, 0), v128.zero),
    ...set(accumulator(row, 1), v128.zero),
  ]);
  const load = eachRowOfC(rows, (row) => [
    ...set(accumulator(row, 0), v128.load(read('cAt'))),
    ...set(accumulator(row, 1), v128.load(read('cAt'), HALF_BYTES)),
  ]);
  const store = eachRowOfC(rows, (row) => [
    ...v128.store(read('cAt'), get(accumulator(row, 0))),
    ...v128.store(read('cAt'), get(accumulator(row, 1)), HALF_BYTES),
  ]);
  return [
    ...when(read('accumulate'), load, clear),
    ...write('aAt', read('aTile')),
    ...write('bAt', read('panel')),
    ...write('kLeft', read('k')),
    ...repeatWhile(some('kLeft'), multiplyOne(rows)),
    ...store,
    ...advance('aTile', i32.mul(read('aRow'), i32.const(rows))),
    ...advance('cTile', i32.mul(read('cRow'), i32.const(rows))),
    ...advance('rowsLeft', i32.const(-rows)),
  ];
}

function multiplyOne(rows: number): Code {
  const add = (row: number, half: number, factor: Name) =>
    set(
      accumulator(row, half),
      v128.add(get(accumulator(row, half)), v128.mul(read('factor'), read(factor))),
    );
  const addressOf = (row: number) => range(row).reduce<Code>((at) => i32.add(at, read('aRow')), read('aAt'));
  return [
    ...write('left', v128.load(read('bAt'))),
    ...write('right', v128.load(read('bAt'), HALF_BYTES)),
    ...each(rows, (row) => [
      ...write('factor', v128.loadSplat(addressOf(row))),
      ...add(row, 0, 'left'),
      ...add(row, 1, 'right'),
    ]),
    ...advance('aAt', read('aColumn')),
    ...advance('bAt', i32.const(PANEL_BYTES)),
    ...advance('kLeft', i32.const(-1)),
  ];
}

const BODY: Code = [
  ...write('panel', read('b')),
  ...write('columnsLeft', read('n')),
  ...repeatWhile(some('columnsLeft'), [
    ...write('aTile', read('a')),
    ...write('cTile', read('c')),
    ...write('rowsLeft', read('m')),
    ...repeatWhile(i32.atLeast(read('rowsLeft'), i32.const(TILE_ROWS)), tile(TILE_ROWS)),
    ...repeatWhile(some('rowsLeft'), tile(1)),
    ...advance('panel', i32.mul(read('k'), i32.const(PANEL_BYTES))),
    ...advance('c', i32.const(PANEL_BYTES)),
    ...advance('columnsLeft', i32.const(-PANEL)),
  ]),
];

/** The bytes of the module: `run(m, n, k, a, aRow, aColumn, b, c, cRow, accumulate)`. */
export const KERNEL_MODULE = assemble({
  parameters: PARAMETERS.length,
  i32Locals: POINTERS.length,
  v128Locals: VECTORS.length + ACCUMULATORS,
  body: BODY,
});
