/** What a command leaves behind: its exit status, its result on standard output, everything else on standard error. */
export interface Outcome {
  code: number;
  stdout?: string;
  stderr?: string;
  /** How the command is called would have to change: the usage is shown as well. */
  isMisuse?: boolean;
}

/** `failed` is for what the user's data is not to blame for: wrong arguments, a file that may not be read. */
export const EXIT = { fine: 0, errors: 1, failed: 2 } as const;

export function misuse(problem: string): Outcome {
  return { code: EXIT.failed, stderr: `${problem}\n`, isMisuse: true };
}
