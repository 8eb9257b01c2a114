import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';

/** A value that is known after the apply. Type 0 says no more; type 12 carries what is known already, as that it is not null. */
export class Unknown {
  readonly type: number;
  readonly data: Uint8Array;
  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}

export const UNKNOWN = new Unknown(0, Uint8Array.of(0));

export type Value = null | boolean | number | string | Unknown | Value[] | { [name: string]: Value };
export type ObjectValue = { [name: string]: Value };

const extensionCodec = new ExtensionCodec();
for (const type of [0, 12]) {
  extensionCodec.register({
    type,
    encode: (value) => (value instanceof Unknown && value.type === type ? value.data : null),
    decode: (data) => new Unknown(type, data),
  });
}

export interface DynamicValue {
  msgpack: Uint8Array;
}

export function readValue({ msgpack }: DynamicValue): Value {
  return decode(msgpack, { extensionCodec }) as Value;
}

export function writeValue(value: Value): DynamicValue {
  return { msgpack: encode(value, { extensionCodec }) };
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** Deep; an unknown value equals nothing but another. */
export function equalValues(left: Value, right: Value): boolean {
  return Buffer.compare(encode(left, ENCODING), encode(right, ENCODING)) === 0;
}

const ENCODING = { extensionCodec, sortKeys: true };
