/** A page of docs/ that is written from tables in the code. */
export interface DocsPage {
  path: string;
  render: () => string;
}

/** The first lines of a generated page: where its content comes from. */
export function heading(title: string, source: string): string {
  return `# ${title}\n\n<!-- Written by \`npm run docs\` from ${source}; change it there. -->`;
}

/** A Markdown table. Cells are Markdown; bars and line breaks in them are made safe. */
export function markdownTable(header: string[], rows: string[][]): string {
  return [header, header.map(() => '---'), ...rows].map(row).join('\n');
}

function row(cells: string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Parts of a page with an empty line between them. */
export function pageText(...parts: string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
