/** How commands end. `misuse` is for what neither the user's data nor a run is to blame for: wrong arguments, an unreadable file. */
export const EXIT = { ok: 0, failed: 1, misuse: 2, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The same for people: `inShort` in the help, `meaning` on the page. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, { inShort: string; meaning: string }>> = {
  0: { inShort: 'no error', meaning: 'There is no error; the run succeeded, or was a dry run.' },
  1: {
    inShort: 'errors, or no success',
    meaning: 'The manifest or the data has errors; the run did not succeed; something is missing.',
  },
  2: {
    inShort: 'not carried out',
    meaning:
      'Called wrongly, or it could not be carried out: nothing was found, or a service did not answer.',
  },
  130: {
    inShort: 'stopped by Ctrl-C',
    meaning: 'Stopped by Ctrl-C before the end. A run in a deployment goes on.',
  },
};
