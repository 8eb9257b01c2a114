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

export function isUnknown(value: unknown): value is HclUnknown {
  return value instanceof HclUnknown;
}
