/** What is to be done next for a run that has not ended. */
export const ACTIVE_ACTIONS = ['validate', 'admit', 'submit', 'observe', 'sweep'] as const;
/** And for one that has succeeded: its model is asked, which changes nothing of its end. */
export const NEXT_ACTIONS = [...ACTIVE_ACTIONS, 'evaluate'] as const;
export type NextAction = (typeof NEXT_ACTIONS)[number];
