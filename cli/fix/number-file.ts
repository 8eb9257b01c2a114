import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { NumberList } from '../../shared/core/dataset/fix/number-list.ts';

/** Numbers in a file, of which two blocks are in memory: the last, and the one that was read from last. */
export interface NumberFile extends NumberList {
  close(): void;
}

/** A page of memory: lines are asked for in their order, and the lines that they repeat in any. */
const IN_BLOCK = 1024;

/** Makes an empty file. */
export function createNumberFile(path: string): NumberFile {
  const file = openSync(path, 'w+');
  const last = new Uint32Array(IN_BLOCK);
  const read = new Uint32Array(IN_BLOCK);
  let readBlock = -1;
  let size = 0;

  return {
    get size() {
      return size;
    },
    add(number) {
      last[size % IN_BLOCK] = number;
      size += 1;
      if (size % IN_BLOCK === 0) writeSync(file, last, 0, last.byteLength, (size - IN_BLOCK) * 4);
    },
    at(index) {
      const block = Math.floor(index / IN_BLOCK);
      if (block === Math.floor(size / IN_BLOCK)) return last[index % IN_BLOCK] ?? 0;
      if (block !== readBlock) readSync(file, read, 0, read.byteLength, block * IN_BLOCK * 4);
      readBlock = block;
      return read[index % IN_BLOCK] ?? 0;
    },
    close: () => closeSync(file),
  };
}
