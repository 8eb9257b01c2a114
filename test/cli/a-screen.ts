import { terminalOf } from '../../cli/command-line/terminal.ts';
import { createScreen } from '../../cli/run/screen.ts';

export const ERASE_LINE = '\r\u001b[K';

/** A screen whose time passes by hand. */
export function aScreen(columns?: number) {
  const written: string[] = [];
  let nowMs = 0;
  const screen = createScreen({
    write: terminalOf({ write: (text) => void written.push(text) }).write,
    ...{ colour: false, columns, isLocal: true, now: () => nowMs },
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { screen, written, pass, drawn: () => written.map((text) => text.replace(ERASE_LINE, '').trim()) };
}
