const WIDTH = 110;

/** JSON as the formatter leaves it: lists of plain values on one line where they fit, everything else one a line. */
export function formatJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const lists = /^(?<start>.*)\[\n(?<items>(?:\s+(?:"(?:\\.|[^"\\])*"|[\w.+-]+),?\n)+)\s+\](?<end>,?)$/gm;
  const joined = text.replace(lists, (long: string, start: string, items: string, end: string) => {
    const line = `${start}[${items.trim().replace(/,\n\s+/g, ', ')}]${end}`;
    return line.length <= WIDTH ? line : long;
  });
  return `${joined}\n`;
}
