import { projectNumberIn, type RemedyFacts } from '../tuning/causes.ts';
import type { Run } from './run.ts';

/** What is known of a run that a remedy may name; `words`: what Vertex AI said, in which a number may stand. */
export function remedyFactsOf({ spec: { plan }, status: { job } }: Run, words = ''): RemedyFacts {
  const owner = job?.name.split('/')[1] ?? '';
  return {
    project: plan?.project,
    projectNumber: /^\d+$/.test(owner) ? owner : projectNumberIn(words),
    serviceAccount: plan?.serviceAccount,
    outputDirectory: plan?.outputDirectory,
  };
}
