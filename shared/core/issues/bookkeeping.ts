/** Fields that only tell examples apart: they are named, and nobody learns from them. */
export const BOOKKEEPING: readonly string[] = [
  ...['id', '_id', 'idx', 'index', 'row_id', 'uuid', 'prompt_id', 'custom_id', 'key'],
  // As pandas calls the index of a table that it reads and writes.
  ...['unnamed:_0', 'Unnamed: 0'],
];
