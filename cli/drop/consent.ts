import type { Context } from '../command-line/command.ts';

export type Consent = 'given' | 'refused' | 'nobody to ask';

/** Whether the upload is wanted: a flag says it, or the person does. The embedded cloud costs nothing, so nobody is asked there. */
export async function consentOf(
  { yes, isLocal }: { yes: boolean; isLocal: boolean },
  ask: Context['ask'],
): Promise<Consent> {
  if (yes || isLocal) return 'given';
  if (ask === undefined) return 'nobody to ask';
  return /^y(?:es)?$/i.test((await ask('Upload it and start the run? [y/N] ')).trim()) ? 'given' : 'refused';
}
