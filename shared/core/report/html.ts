import { printable } from '../json/printable.ts';

const MARKUP = Symbol('markup');

/** Markup that is safe to put into a page. Only `html` makes it; no value read from JSON can pretend to be it. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What may stand in a template: text and numbers are escaped, lists are joined, `undefined` and `false` are nothing. */
export type HtmlPart = string | number | Html | undefined | false | readonly HtmlPart[];

/** Template tag for HTML and SVG: every value in it is escaped, in text as well as in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return markup(String.raw({ raw: strings }, ...parts.map(render)));
}

/** Our own style sheets and scripts, in which nothing of a user's may stand. */
export function trusted(text: string): Html {
  return markup(text);
}

/** The text of the markup. */
export function markupOf(part: Html): string {
  return part[MARKUP];
}

function markup(text: string): Html {
  return { [MARKUP]: text };
}

function render(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return MARKUP in part ? part[MARKUP] : part.map(render).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Characters that are a parse error in HTML whichever way they are written: controls, and U+FFFE and U+FFFF of any plane. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}/gu;

/** Marks that turn the direction of what is read, and separators of lines. */
const MISLEADING = /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f]/gu;

/** Text as it may stand between tags and in quoted attributes. What HTML cannot say becomes U+FFFD; what turns the direction of text is shown. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '\uFFFD')
    .replace(MISLEADING, printable)
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
