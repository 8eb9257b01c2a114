import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** A file that grows at its end, written a block at a time. */
export interface AppendFile {
  write(text: string): void;
  close(): void;
}

const BLOCK_LENGTH = 64 * 1024;

/** Makes an empty file. */
export function createAppendFile(path: string): AppendFile {
  const file = openSync(path, 'w');
  let waiting = '';
  const flush = () => {
    writeSync(file, waiting);
    waiting = '';
  };
  return {
    write(text) {
      waiting += text;
      if (waiting.length >= BLOCK_LENGTH) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** The lines of a file that is closed, in the memory of a block. */
export function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const block = Buffer.alloc(BLOCK_LENGTH);
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const size = readSync(file, block);
      if (size === 0) return;
      const lines = (rest + decoder.decode(block.subarray(0, size), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(file);
  }
}
