/** How commands end. `misuse` is for what neither the user's data nor a run is to blame for: wrong arguments, an unreadable file. */
export const EXIT = { ok: 0, failed: 1, misuse: 2, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The same for people, as `--help` says it. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'there is no error; the run succeeded, or was a dry run',
  1: 'the manifest or the data has errors; the run did not succeed',
  2: 'called wrongly, or it could not be carried out',
  130: 'stopped by Ctrl-C before the end',
};
