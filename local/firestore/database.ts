import { join } from 'node:path';
import { inTransaction, openSqlite } from '../sqlite.ts';
import type { FieldsCodec } from './rpc/protos.ts';
import type { Changes, StoredDocument } from './values/stored-document.ts';
import { cutFields } from './values/timestamps.ts';

/** Documents on disk. */
export interface DocumentDatabase {
  all(): Iterable<StoredDocument>;
  /** Writes all changes or none; on disk before it returns. */
  write(changes: Changes): void;
  close(): void;
}

interface Row {
  name: string;
  body: Uint8Array;
  create_us: number;
  update_us: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (
    name TEXT PRIMARY KEY, body BLOB NOT NULL, create_us INTEGER NOT NULL, update_us INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Opens (and makes) `<dataDir>/firestore.db`. A killed process loses nothing of what was written. */
export function openDocumentDatabase(dataDir: string, codec: FieldsCodec): DocumentDatabase {
  const db = openSqlite(join(dataDir, 'firestore.db'));
  db.exec(SCHEMA);
  const upsert = db.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM documents WHERE name = ?');

  return {
    *all() {
      for (const row of db.prepare('SELECT * FROM documents').iterate() as Iterable<unknown>) {
        const { name, body, create_us, update_us } = row as Row;
        const fields = cutFields(codec.decode(Buffer.from(body)));
        yield { name, fields, createMicros: create_us, updateMicros: update_us };
      }
    },
    write(changes) {
      inTransaction(db, () => {
        for (const [name, document] of changes) {
          if (!document) remove.run(name);
          else upsert.run(name, codec.encode(document.fields), document.createMicros, document.updateMicros);
        }
      });
    },
    close: () => db.close(),
  };
}
