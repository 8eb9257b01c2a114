/** As much of the WebAssembly binary format as the matrix kernel needs (webassembly.github.io/spec/core/binary). */

export type Code = readonly number[];

const VOID_BLOCK = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;

function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const low = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && low < 64) || (rest === -1 && low >= 64);
  return done ? [low] : [low | 128, ...signed(rest)];
}

const simd = (opcode: number, ...immediate: number[]): Code => [0xfd, ...unsigned(opcode), ...immediate];
const NO_OFFSET = 0;

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: (one: Code, other: Code): Code => [...one, ...other, 0x6a],
  sub: (one: Code, other: Code): Code => [...one, ...other, 0x6b],
  mul: (one: Code, other: Code): Code => [...one, ...other, 0x6c],
  atLeast: (one: Code, other: Code): Code => [...one, ...other, 0x4e],
};

export const v128 = {
  zero: simd(12, ...new Array<number>(16).fill(0)),
  load: (address: Code, offset = NO_OFFSET): Code => [...address, ...simd(0, 2, ...unsigned(offset))],
  /** One 32-bit value in all four lanes. */
  loadSplat: (address: Code): Code => [...address, ...simd(9, 2, NO_OFFSET)],
  store: (address: Code, value: Code, offset = NO_OFFSET): Code => [
    ...address,
    ...value,
    ...simd(11, 2, ...unsigned(offset)),
  ],
  add: (one: Code, other: Code): Code => [...one, ...other, ...simd(0xe4)],
  mul: (one: Code, other: Code): Code => [...one, ...other, ...simd(0xe6)],
};

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

export const when = (condition: Code, then: Code, otherwise: Code): Code => [
  ...condition,
  0x04,
  VOID_BLOCK,
  ...then,
  0x05,
  ...otherwise,
  0x0b,
];

export const repeatWhile = (condition: Code, body: Code): Code =>
  when(condition, [0x03, VOID_BLOCK, ...body, ...condition, 0x0d, 0, 0x0b], []);

/** A module that imports `env.memory` and exports one function `run` of i32 parameters. */
export function assemble(options: {
  parameters: number;
  i32Locals: number;
  v128Locals: number;
  body: Code;
}): Uint8Array<ArrayBuffer> {
  const { parameters, i32Locals, v128Locals, body } = options;
  const locals = [2, ...unsigned(i32Locals), I32, ...unsigned(v128Locals), V128];
  const code = [...locals, ...body, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...vector(new Array<number>(parameters).fill(I32)), 0]),
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('run'), 0, 0]),
    ...section(10, [1, ...vector(code)]),
  ]);
}

const vector = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const name = (text: string): Code => vector([...Buffer.from(text)]);
const section = (id: number, bytes: Code): Code => [id, ...vector(bytes)];
