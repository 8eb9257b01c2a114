import { execFileSync } from 'node:child_process';

/** True where this machine has the program; says SKIPPED where not. */
export function isOnPath(program: string, ...version: string[]): boolean {
  try {
    execFileSync(program, version, { stdio: 'ignore' });
    return true;
  } catch {
    console.log(`SKIPPED: ${program} is not on PATH`);
    return false;
  }
}
