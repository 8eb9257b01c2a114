import { type Html, html } from './html.ts';
import { formatTime } from './text.ts';

/** A time as it is written, for a page whose script says how long ago that is. */
export function timeOf(time: string): Html {
  return html`<time datetime="${time}">${formatTime(time)}</time>`;
}
