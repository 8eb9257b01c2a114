/** What an expression is worth. What only Google knows is an `Unknown` with the address that it is read from. */
export type HclValue =
  | string
  | number
  | boolean
  | null
  | HclValue[]
  | HclUnknown
  | { [key: string]: HclValue };

/** A value of a real deployment: in texts it reads `<google_pubsub_topic.this["x"].id>`. */
export class HclUnknown {
  readonly address: string;
  constructor(address: string) {
    this.address = address;
  }
  toString(): string {
    return `<${this.address}>`;
  }
  toJSON(): string {
    return this.toString();
  }
}

/** No answer is known here, of Terraform's or of ours: `try` and `can` do not take it for a mistake of the configuration. */
export class NoAnswer extends Error {}

export function isUnknown(value: unknown): value is HclUnknown {
  return value instanceof HclUnknown;
}

/** A value that an answer hangs on. Throws where only a deployment knows it. */
export function known(value: HclValue, what: string): Exclude<HclValue, HclUnknown> {
  if (isUnknown(value)) throw new NoAnswer(`${what} hangs on ${value}, which only a deployment knows`);
  return value;
}

/** A value as text that two equal values share, whatever the order of their keys. Throws where a part of it is not known. */
export function canonical(value: HclValue): string {
  const inner = known(value, 'a comparison');
  if (Array.isArray(inner)) return `[${inner.map(canonical).join(',')}]`;
  if (typeof inner !== 'object' || inner === null) return JSON.stringify(inner);
  const members = Object.entries(inner).map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`);
  return `{${members.sort().join(',')}}`;
}

/** Whether a condition holds. Terraform takes the words `true` and `false` for it, too. */
export function truth(value: HclValue, what: string): boolean {
  const condition = known(value, what);
  if (condition === true || condition === 'true') return true;
  if (condition === false || condition === 'false') return false;
  throw new Error(`${what} is ${JSON.stringify(condition)}, where true or false was expected`);
}

/** A number, which Terraform reads out of a text, too. */
export function numberIn(value: HclValue, what: string): number {
  const inner = known(value, what);
  const isNumber = typeof inner === 'number' || (typeof inner === 'string' && inner.trim() !== '');
  const number = isNumber ? Number(inner) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new Error(`${what} is ${JSON.stringify(inner)}, where a number was expected`);
}
