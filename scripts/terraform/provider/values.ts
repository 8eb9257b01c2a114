import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';

/** A value that is known after the apply. Type 0 says no more; type 12 carries what is known already, as that it is not null. */
export class PlanUnknown {
  readonly type: number;
  readonly data: Uint8Array;
  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}

export const UNKNOWN = new PlanUnknown(0, Uint8Array.of(0));

export type PlanValue =
  | null
  | boolean
  | number
  | string
  | PlanUnknown
  | PlanValue[]
  | { [name: string]: PlanValue };
export type ObjectValue = { [name: string]: PlanValue };

const extensionCodec = new ExtensionCodec();
for (const type of [0, 12]) {
  extensionCodec.register({
    type,
    encode: (value) => (value instanceof PlanUnknown && value.type === type ? value.data : null),
    decode: (data) => new PlanUnknown(type, data),
  });
}

export interface DynamicValue {
  msgpack: Uint8Array;
}

export function readValue({ msgpack }: DynamicValue): PlanValue {
  return decode(msgpack, { extensionCodec }) as PlanValue;
}

export function writeValue(value: PlanValue): DynamicValue {
  return { msgpack: encode(value, { extensionCodec }) };
}

export function isPlanObject(value: PlanValue | undefined): value is ObjectValue {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PlanUnknown)
  );
}

/** Deep; an unknown value equals nothing but another. */
export function equalPlanValues(left: PlanValue, right: PlanValue): boolean {
  return Buffer.compare(encode(left, ENCODING), encode(right, ENCODING)) === 0;
}

const ENCODING = { extensionCodec, sortKeys: true };
