/** Whether a file has one object on each line: one array, or objects laid out over several lines, are refused as a whole. */
import type { LineFault } from '../../json/line.ts';
import type { FileTools } from '../lines/text-file.ts';

/** A fault of a line, and whether a command can correct it. */
export type CorrectableFault = LineFault & { isCorrectable?: true | undefined };

export interface LayoutCheck {
  /** Before a line is read: whether it goes on with an object that the first line began. The file is refused then. */
  isContinued(text: string): boolean;
  /** A line that is no JSON: shows that the file is laid out otherwise, or has a fault of its own. */
  noteFault(text: string, fault: CorrectableFault): void;
  /** The first line is an array of objects, or the beginning of one. */
  refuseArray(): void;
  /** After the last line. */
  finish(): void;
}

export interface LayoutCheckOptions extends FileTools {
  /** Reports the fault of a line that is no JSON. */
  reportFault: (fault: CorrectableFault, line: number) => void;
}

/** Makes the check of one file. */
export function createLayoutCheck({ report, progress, reportFault }: LayoutCheckOptions): LayoutCheck {
  /** The fault of a first line that may be the beginning of an object laid out for reading; the second line tells. */
  let pending: CorrectableFault | undefined;

  function refuse(code: 'dataset_json_array' | 'dataset_pretty_printed'): void {
    report(code, {}, { line: 1 });
    pending = undefined;
    progress.isStopped = true;
  }

  function release(): void {
    if (pending) reportFault(pending, 1);
    pending = undefined;
  }

  return {
    isContinued(text) {
      if (pending && continuesObject(text)) {
        refuse('dataset_pretty_printed');
        return true;
      }
      release();
      return false;
    },
    noteFault(text, fault) {
      const trimmed = text.trim();
      if (progress.line !== 1 || fault.problem !== 'ends_early') reportFault(fault, progress.line);
      else if (trimmed.startsWith('[')) refuse('dataset_json_array');
      else if (trimmed === '{') refuse('dataset_pretty_printed');
      else pending = fault;
    },
    refuseArray: () => refuse('dataset_json_array'),
    finish: release,
  };
}

/** How the second line of an indented object begins, and no line of JSON Lines. */
function continuesObject(text: string): boolean {
  return /^\s*["}\]]/.test(text);
}
