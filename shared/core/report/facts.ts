import { type Html, html } from './html.ts';

/** A name and what it stands for. Markup where a plain text would say less. */
export interface Fact {
  name: string;
  value: string | Html;
  /** The value is an identifier, a URI or code. */
  isCode?: boolean;
}

/** A list of facts; nothing when there are none. */
export function factList(facts: readonly Fact[]): Html | undefined {
  if (facts.length === 0) return undefined;
  const rows = facts.map(
    ({ name, value, isCode }) =>
      html`<div><dt>${name}</dt><dd>${isCode ? html`<code>${value}</code>` : html`<bdi>${value}</bdi>`}</dd></div>`,
  );
  return html`<dl class="facts">${rows}</dl>`;
}
