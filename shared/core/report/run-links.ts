import { type Html, html } from './html.ts';

/** What a text of a run looks like on its page. */
export type InWords = (text: string) => Html;

/** As ids.ts makes them: of SHA-256 in base32, or 40 characters in a test. */
const RUN_ID = /\b(r[a-z2-7]{40})\b/;

/** The text alone, as in a file that stands by itself. */
export const plainText: InWords = (text) => html`${text}`;

/** Where another run is named, the way to its page. */
export const withRunLinks: InWords = (text) => linked(text, (runId) => runId);

/** The same in little room. */
export const withShortRunLinks: InWords = (text) => linked(text, (runId) => `${runId.slice(0, 8)}…`);

const linked = (text: string, wordOf: (runId: string) => string) =>
  html`${text
    .split(RUN_ID)
    .map((part, index) => (index % 2 === 0 ? part : html`<a href="/runs/${part}">${wordOf(part)}</a>`))}`;
