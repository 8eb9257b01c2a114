import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NumberList } from '../../shared/core/dataset/fix/number-list.ts';
import { createLineLog, type LineLog } from './line-log.ts';
import { createNumberFile, type NumberFile } from './number-file.ts';

/** What is noted by line while a folder is corrected: in files, so that memory stays flat however many lines are. */
export interface Notes {
  numbers(): NumberList;
  lineLog(): LineLog;
  /** Closes the files; they are removed with their folder. */
  close(): void;
}

/** Makes the notes in a folder of their own. */
export function createNotes(dir: string): Notes {
  mkdirSync(dir, { recursive: true });
  const numberFiles: NumberFile[] = [];
  let files = 0;
  const newPath = () => join(dir, `${files++}`);
  return {
    numbers() {
      const file = createNumberFile(newPath());
      numberFiles.push(file);
      return file;
    },
    lineLog: () => createLineLog(newPath),
    close() {
      for (const file of numberFiles) file.close();
    },
  };
}
