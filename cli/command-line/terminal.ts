import { printable } from '../../shared/core/json/printable.ts';
import { EXIT } from './exit.ts';

/** What this program itself has a terminal do; texts can never be one. */
interface Control {
  readonly control: string;
}

export type TerminalText = string | Control;

/** Where a command writes. Everything that is text is made printable on the way, wherever it came from. */
export interface Terminal {
  write(...parts: TerminalText[]): void;
  readonly isTTY: boolean;
  /** Characters in a line of a terminal; undefined where it does not say. */
  readonly columns: number | undefined;
}

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export const ERASE_LINE: Control = { control: '\r\u001b[K' };

/** `code` is of ECMA-48, 8.3.117: 31 is red. */
export function coloured(text: string, code: number): TerminalText[] {
  return [{ control: `\u001b[${code}m` }, text, { control: '\u001b[0m' }];
}

/** The one way to a terminal. */
export function terminalOf(stream: Stream): Terminal {
  return {
    write: (...parts) =>
      void stream.write(
        parts.map((part) => (typeof part === 'string' ? printable(part) : part.control)).join(''),
      ),
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns;
    },
  };
}

/** Where this process writes: what it dies of goes there too, and a reader such as `head` may have seen enough. */
export function openTerminals(): { stdout: Terminal; stderr: Terminal } {
  const { stdout, stderr } = process;
  const terminals = { stdout: terminalOf(stdout), stderr: terminalOf(stderr) };
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = EXIT.misuse;
  });
  process.on('uncaughtException', (error: unknown) => {
    terminals.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(EXIT.misuse);
  });
  return terminals;
}

/** Ends this process once everything is written; what a command that failed left open is not waited for. */
export function endWhenWritten(): void {
  process.stdout.write('', () => process.exit());
}
