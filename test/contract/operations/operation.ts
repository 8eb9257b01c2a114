/** What an operation of a Google service does: it works, or it is refused by name, with this code. */
export type Outcome = 'works' | { refused: string };

/** One row of the table of operations, and the call that proves it. */
export interface Operation<Client> {
  /** As Google's reference names it, such as `Publisher.CreateTopic`. */
  name: string;
  here: Outcome;
  /** What Google's emulator does, where that is something else. */
  emulator: Outcome;
  note: string;
  /**
   * Calls the operation over the wire, with a client of Google's where there is one. Resolves when it did what it is for (the
   * probe looks), rejects with the service's own error when it is refused, and with any other when it did something else.
   */
  probe(client: Client): Promise<unknown>;
}

export interface Connected<Client> {
  client: Client;
  close(): Promise<unknown>;
}

export interface ServiceOperations<Client> {
  service: string;
  /** What the page says above the table. */
  about?: string;
  operations: readonly Operation<Client>[];
  /** The names that must have a row; a new one without a row fails. */
  every: readonly string[];
  /** The code of a refusal, such as `UNIMPLEMENTED` or `501`; undefined for an error that is no answer of the service. */
  refusalOf(error: unknown): string | undefined;
  connect(): Promise<Connected<Client>>;
  /** Google's emulator; its `connect` is undefined where this machine has none. */
  emulator: { name: string; connect: (() => Promise<Connected<Client>>) | undefined } | undefined;
}

type Details = Partial<Pick<Operation<never>, 'note'>> & { emulator?: Outcome };

/** A row that says: this works. */
export function works<Client>(
  name: string,
  probe: Operation<Client>['probe'],
  { emulator = 'works', note = '' }: Details = {},
): Operation<Client> {
  return { name, here: 'works', emulator, note, probe };
}

/** A row that says: this is refused here with `code`. */
export function refused<Client>(
  [name, code]: [name: string, code: string],
  probe: Operation<Client>['probe'],
  { emulator = { refused: code }, note = '' }: Details = {},
): Operation<Client> {
  return { name, here: { refused: code }, emulator, note, probe };
}
