/** Named matrices as bytes: a length, a JSON header, then the values in the header's order, little-endian. */
export interface WeightFile {
  /** What the reader needs beside the matrices: shape, merges, how they came about. */
  about: Record<string, unknown>;
  matrices: readonly NamedMatrix[];
}

export interface NamedMatrix {
  name: string;
  rows: number;
  columns: number;
  values: Float32Array;
}

/** bf16 keeps the upper half of a float: half the bytes, enough for weights that stay as they are. */
export type Precision = 'bf16' | 'f32';

interface Header {
  format: 'tunedrop-weights-1';
  precision: Precision;
  about: Record<string, unknown>;
  matrices: { name: string; rows: number; columns: number }[];
}

const LENGTH_BYTES = 4;

export function encodeWeights({ about, matrices }: WeightFile, precision: Precision): Uint8Array {
  const header: Header = {
    format: 'tunedrop-weights-1',
    precision,
    about,
    matrices: matrices.map(({ name, rows, columns }) => ({ name, rows, columns })),
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  return new Uint8Array(
    Buffer.concat([length, json, ...matrices.map(({ values }) => encodeValues(values, precision))]),
  );
}

/** Throws for bytes that are not such a file, or not a whole one. */
export function decodeWeights(bytes: Uint8Array): WeightFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = LENGTH_BYTES + (buffer.length < LENGTH_BYTES ? 0 : buffer.readUInt32LE());
  if (headerEnd > buffer.length) throw new Error('these are not the bytes of a weight file');
  const header: Header = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, headerEnd));
  if (header.format !== 'tunedrop-weights-1') throw new Error(`unknown weight format ${header.format}`);
  let from = headerEnd;
  const matrices = header.matrices.map(({ name, rows, columns }) => {
    const size = rows * columns * (header.precision === 'bf16' ? 2 : 4);
    if (from + size > buffer.length) throw new Error(`the weight file ends within ${name}`);
    const values = decodeValues(buffer.subarray(from, from + size), header.precision);
    from += size;
    return { name, rows, columns, values };
  });
  return { about: header.about, matrices };
}

function encodeValues(values: Float32Array, precision: Precision): Buffer {
  const full = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) full.writeFloatLE(value, index * 4);
  if (precision === 'f32') return full;
  const upper = Buffer.alloc(values.length * 2);
  for (let index = 0; index < values.length; index++) {
    const bits = full.readUInt32LE(index * 4);
    // To the nearest, ties to even.
    const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    upper.writeUInt16LE(rounded & 0xffff, index * 2);
  }
  return upper;
}

function decodeValues(bytes: Buffer, precision: Precision): Float32Array {
  if (precision === 'f32') {
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
  }
  const full = Buffer.alloc(bytes.length * 2);
  for (let index = 0; index < bytes.length; index += 2)
    full.writeUInt16LE(bytes.readUInt16LE(index), index * 2 + 2);
  return decodeValues(full, 'f32');
}
