import { type Html, html, markupOf, trusted } from './html.ts';
import { STYLE } from './style.ts';

export interface PageOptions {
  title: string;
  main: Html;
  /** For a page that is served: what else goes into the head, such as a script. A file has none. */
  head?: Html | undefined;
  /** Over the content: the way back. */
  nav?: Html | undefined;
}

/** A file asks nobody for anything: the browser is told to hold it to that. A server says its own policy in a header. */
const FILE_POLICY = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`;

/** A whole HTML document: one file, in which everything is that it shows. */
export function pageOf({ title, main, head, nav }: PageOptions): string {
  return markupOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${head ?? FILE_POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${nav}
<main>
${main}
</main>
</body>
</html>
`);
}
