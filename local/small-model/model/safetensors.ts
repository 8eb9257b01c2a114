/** The safetensors format (github.com/huggingface/safetensors): a length, a JSON header, then the values, little-endian. */
import type { NamedMatrix } from './weights.ts';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [from: number, to: number];
}

const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;
/** The format's own bound of a header. */
const MAX_HEADER_BYTES = 100_000_000;

/** The matrices as 32-bit floats. */
export function encodeSafetensors(matrices: readonly NamedMatrix[]): Uint8Array {
  const header: Record<string, Entry> = {};
  let end = 0;
  for (const { name, rows, columns, values } of matrices) {
    const from = end;
    end += values.length * FLOAT_BYTES;
    header[name] = { dtype: 'F32', shape: [rows, columns], data_offsets: [from, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, ...matrices.map(({ values }) => bytesOf(values))]));
}

/** Throws for bytes that are not such a file, or that hold anything but matrices of 32-bit floats. */
export function decodeSafetensors(bytes: Uint8Array): NamedMatrix[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = buffer.length < LENGTH_BYTES ? 0 : Number(buffer.readBigUInt64LE());
  const valuesFrom = LENGTH_BYTES + headerBytes;
  if (headerBytes === 0 || headerBytes > MAX_HEADER_BYTES || valuesFrom > buffer.length) {
    throw new Error('these are not the bytes of a safetensors file');
  }
  const { __metadata__: _, ...header } = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, valuesFrom));
  return Object.entries(header as Record<string, Entry>).map(([name, { dtype, shape, data_offsets }]) => {
    const [rows = 0, columns = 0] = shape;
    const values = buffer.subarray(valuesFrom + data_offsets[0], valuesFrom + data_offsets[1]);
    if (dtype !== 'F32' || shape.length !== 2 || values.length !== rows * columns * FLOAT_BYTES) {
      throw new Error(`${name} is not a whole matrix of 32-bit floats`);
    }
    return { name, rows, columns, values: floatsOf(values) };
  });
}

function bytesOf(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * FLOAT_BYTES);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * FLOAT_BYTES);
  return bytes;
}

const floatsOf = (bytes: Buffer) =>
  Float32Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) =>
    bytes.readFloatLE(index * FLOAT_BYTES),
  );
