import { EXIT, type ExitCode } from '../command-line/exit.ts';

/** How a thing stands; `not seen`: nobody could look, or what gives it is where nobody could look. */
export type Health = 'ok' | 'not seen' | 'missing';

/** From the best to the worst, each with how the command ends that found nothing worse. */
const ENDS: Readonly<Record<Health, ExitCode>> = {
  ok: EXIT.ok,
  'not seen': EXIT.misuse,
  missing: EXIT.failed,
};

/** What is looked at, in the order in which it is said. */
export const SUBJECTS = [
  'APIs',
  'Buckets',
  'Functions and triggers',
  'Rights',
  'TensorBoard',
  'Quota',
  'Firestore',
  'Versions',
] as const;

export interface Finding {
  subject: (typeof SUBJECTS)[number];
  health: Health;
  /** A sentence. */
  says: string;
  /** What puts it right, or shows it to somebody with more rights; to be pasted into a shell. */
  command?: string | undefined;
}

/** How the command ends that found these. */
export function exitOf(findings: readonly Finding[]): ExitCode {
  const order = Object.keys(ENDS) as Health[];
  const worst = order.findLast((health) => findings.some((finding) => finding.health === health));
  return ENDS[worst ?? 'ok'];
}
