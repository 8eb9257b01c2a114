import { expect } from 'vitest';
import type { FirestoreClients } from './firestore-client.ts';
import { type Operation, refused, works } from './operation.ts';

const UNIMPLEMENTED = { refused: 'UNIMPLEMENTED' };
const DECLARED = 'collectionGroups/runs/indexes/declared-1';

const READS: readonly Operation<FirestoreClients>[] = [
  works(
    'FirestoreAdmin.ListIndexes',
    async ({ admin, aDatabase }) => {
      const { database } = aDatabase();
      const [indexes] = await admin.listIndexes({ parent: `${database}/collectionGroups/runs` });
      expect(indexes.map(({ name }) => name)).toEqual([`${database}/${DECLARED}`]);
    },
    { emulator: UNIMPLEMENTED, note: 'those of `functions/functions.json`' },
  ),
  works(
    'FirestoreAdmin.GetIndex',
    async ({ admin, aDatabase }) => {
      const name = `${aDatabase().database}/${DECLARED}`;
      expect((await admin.getIndex({ name }))[0]).toMatchObject({ name, state: 'READY' });
    },
    { emulator: UNIMPLEMENTED },
  ),
  works(
    'FirestoreAdmin.ListDatabases',
    async ({ admin, aDatabase }) => {
      const { database } = aDatabase();
      const [{ databases }] = await admin.listDatabases({ parent: database.split('/databases/')[0] ?? '' });
      expect(databases?.map(({ name }) => name)).toEqual([database]);
    },
    { emulator: UNIMPLEMENTED },
  ),
  works(
    'FirestoreAdmin.GetDatabase',
    async ({ admin, aDatabase }) => {
      const name = aDatabase().database;
      expect((await admin.getDatabase({ name }))[0].name).toBe(name);
    },
    { emulator: UNIMPLEMENTED, note: 'every database exists' },
  ),
];

/** Administration of Firestore: what there is can be read, and the rest of these methods is refused. */
export function adminOperations(every: readonly string[]): readonly Operation<FirestoreClients>[] {
  const read = new Set(READS.map(({ name }) => name));
  return [
    ...READS,
    ...every
      .filter((name) => name.startsWith('FirestoreAdmin.') && !read.has(name))
      .map((name) =>
        refused<FirestoreClients>([name, 'UNIMPLEMENTED'], ({ admin }) => callEmpty(admin, name)),
      ),
  ];
}

/** Calls a method by its name with a message that says nothing: whoever serves it would say what is missing. */
function callEmpty(admin: FirestoreClients['admin'], name: string): Promise<unknown> {
  const method = name.slice('FirestoreAdmin.'.length);
  const call = Reflect.get(admin, `${method[0]?.toLowerCase()}${method.slice(1)}`);
  // What an update is about stands in the name of its address, so that the client wants it to be there.
  return call.call(admin, { field: {}, database: {}, backupSchedule: {} });
}
