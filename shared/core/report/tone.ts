import type { RunState } from '../run/states.ts';
import { type Html, html } from './html.ts';

/** How a state looks: its colour, and a sign for those who do not see it. */
export type Tone = 'good' | 'bad' | 'wait' | 'active' | 'calm' | 'planned';

const TONES: Record<RunState, Tone> = {
  RECEIVED: 'active',
  WAITING: 'wait',
  VALIDATED: 'active',
  SUBMITTING: 'active',
  SUBMITTED: 'active',
  RUNNING: 'active',
  REJECTED: 'bad',
  SKIPPED: 'calm',
  PLANNED: 'planned',
  SUPERSEDED: 'calm',
  SUCCEEDED: 'good',
  PARTIAL: 'wait',
  FAILED: 'bad',
  CANCELLED: 'calm',
  EXPIRED: 'bad',
  LOST: 'bad',
  DEAD_LETTERED: 'bad',
};

const SIGNS: Record<Tone, string> = { good: '✓', bad: '✕', wait: '!', active: '…', calm: '–', planned: '◇' };

export function toneOf(state: RunState): Tone {
  return TONES[state] ?? 'calm';
}

/** The state as a badge. */
export function stateBadge(state: RunState): Html {
  const tone = toneOf(state);
  return html`<span class="state ${tone}">${SIGNS[tone]} ${state}</span>`;
}
