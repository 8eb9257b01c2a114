import type { DatabaseSync } from 'node:sqlite';

/** A table of resources by name, in memory and written through: the tables are small. */
export interface DurableMap<T extends { name: string }> {
  get(name: string): T | undefined;
  values(): Iterable<T>;
  set(value: T): T;
  delete(name: string): void;
}

export function createDurableMap<T extends { name: string }>(
  database: DatabaseSync,
  table: string,
): DurableMap<T> {
  database.exec(`CREATE TABLE IF NOT EXISTS ${table} (name TEXT PRIMARY KEY, resource TEXT NOT NULL)`);
  const put = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`);
  const remove = database.prepare(`DELETE FROM ${table} WHERE name = ?`);
  const rows = database.prepare(`SELECT resource FROM ${table} ORDER BY name`).all();
  const stored = rows.map(({ resource }): T => JSON.parse(String(resource)));
  const all = new Map(stored.map((value) => [value.name, value]));

  return {
    get: (name) => all.get(name),
    values: () => all.values(),
    set(value) {
      put.run(value.name, JSON.stringify(value));
      all.set(value.name, value);
      return value;
    },
    delete(name) {
      remove.run(name);
      all.delete(name);
    },
  };
}
