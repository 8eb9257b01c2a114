import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connected, Operation, Outcome, ServiceOperations } from './operation.ts';

/** Proves every row of a service's table: on the embedded service, and on Google's emulator where this machine has it. */
export function operationTests<Client>(table: ServiceOperations<Client>): void {
  const { service, operations, every, emulator } = table;

  it(`every operation of ${service} has one row`, () => {
    const names = operations.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(every.filter((name) => !names.includes(name))).toEqual([]);
  });

  describe(`the embedded ${service}`, () => {
    probeAll(table, { connect: table.connect, expected: ({ here }) => here });
  });

  if (!emulator) return;
  describe(emulator.name, () => {
    if (emulator.connect) {
      probeAll(table, { connect: emulator.connect, expected: (operation) => operation.emulator });
      return;
    }
    console.warn(
      `SKIPPED: the operations of ${service} against ${emulator.name}, which is not on this machine`,
    );
    it.skip(`SKIPPED: ${emulator.name} is not on this machine`, () => {});
  });
}

interface Side<Client> {
  connect(): Promise<Connected<Client>>;
  expected(operation: Operation<Client>): Outcome;
}

function probeAll<Client>(
  { operations, refusalOf }: ServiceOperations<Client>,
  { connect, expected }: Side<Client>,
): void {
  let connected: Connected<Client> | undefined;
  beforeAll(async () => {
    connected = await connect();
  });
  afterAll(() => connected?.close());

  it.each(operations)('$name does what the table says', async (operation) => {
    const { client } = connected as Connected<Client>;
    const outcome = await operation.probe(client).then(
      (): Outcome => 'works',
      (error: unknown): Outcome => {
        const code = refusalOf(error);
        if (code === undefined) throw error;
        return { refused: code };
      },
    );
    expect(outcome).toEqual(expected(operation));
  });
}
