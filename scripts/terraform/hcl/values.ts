/** What an expression is worth. What only Google knows is an `Unknown` with the address that it is read from. */
export type Value = string | number | boolean | null | Value[] | Unknown | { [key: string]: Value };

/** A value of a real deployment: in texts it reads `<google_pubsub_topic.this["x"].id>`. */
export class Unknown {
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

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}
