import * as z from 'zod';
import type { NextAction } from './next-actions.ts';

/**
 * What travels between the functions: the run's id and nothing else. Everything else is read from the run document,
 * so a forged, replayed or late message can do no more than ask for what is due anyway.
 */
export const RunMessageSchema = z.object({ runId: z.string().regex(/^r[a-z2-7]{40}$/) });

/** The topics, as functions/functions.json names them. `observe` has none: the poll function does it itself. */
export const TOPIC_OF_ACTION = {
  validate: 'validate-requests',
  submit: 'submit-requests',
  evaluate: 'evaluate-requests',
} as const satisfies Partial<Record<NextAction, string>>;

export type RequestTopic = (typeof TOPIC_OF_ACTION)[keyof typeof TOPIC_OF_ACTION];
