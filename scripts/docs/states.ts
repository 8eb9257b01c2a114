import { RUN_STATES, type RunState } from '../../shared/core/run/states.ts';
import { type RunEventType, TRANSITIONS } from '../../shared/core/run/transitions.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

interface Step {
  event: RunEventType;
  from: readonly RunState[];
  to: RunState | null;
}

const STATES = Object.keys(RUN_STATES) as RunState[];
const STEPS: Step[] = Object.entries(TRANSITIONS).map(([event, { from, to }]) => ({
  event: event as RunEventType,
  from,
  to,
}));

export function renderStates(): string {
  return pageText(
    heading('States of a run', '`shared/core/run/states.ts` and `shared/core/run/transitions.ts`'),
    'A run is one upload of a manifest. Its state stands in `status.state` of the run document and of `status.json`. ' +
      'A run only goes forward, and a state that is an end never changes.',
    diagram(),
    'The diagram shows the way to a tuned model; the table has every state and every way.',
    markdownTable(
      ['state', 'end?', 'what it means', 'what may follow'],
      STATES.map((state) => [
        code(state),
        RUN_STATES[state].terminal ? 'yes' : '',
        RUN_STATES[state].meaning,
        followers(state),
      ]),
    ),
    '## Events',
    'Each change of a run is an event. An event that comes again, or too late, changes nothing: ' +
      'messages are delivered at least once, and not always in order. ' +
      'An event without a new state says more about the present one, such as when the next try is.',
    markdownTable(
      ['event', 'from', 'to'],
      STEPS.map(({ event, from, to }) => [
        code(event),
        from.map(code).join(', '),
        to ? code(to) : 'the same',
      ]),
    ),
  );
}

/** States that can come next, in the order of the table. */
function followers(state: RunState): string {
  const next = STEPS.filter(({ from, to }) => from.includes(state) && to !== state).map(({ to }) => to);
  return STATES.filter((candidate) => next.includes(candidate))
    .map(code)
    .join(', ');
}

/** The way to `SUCCEEDED`; the other ends would make a thicket of it. */
function diagram(): string {
  const isShown = (state: RunState) => !RUN_STATES[state].terminal || state === 'SUCCEEDED';
  const arrows = STEPS.flatMap(({ from, to }) =>
    to && isShown(to) ? from.filter((state) => state !== to).map((state) => `    ${state} --> ${to}`) : [],
  );
  return [
    '```mermaid',
    'stateDiagram-v2',
    '    [*] --> RECEIVED',
    ...new Set(arrows),
    '    SUCCEEDED --> [*]',
    '```',
  ].join('\n');
}
