import { text } from 'node:stream/consumers';
import { planViolations, WHAT_IS_CHECKED } from './plan-policy.ts';

/** `terraform show -json PLAN | node scripts/terraform/check-plan.ts`: ends with 1 where a plan may not be applied. */

async function main(): Promise<void> {
  const violations = planViolations(JSON.parse(await text(process.stdin)));
  for (const violation of violations) process.stderr.write(`${violation}\n`);
  if (violations.length === 0)
    process.stdout.write(`Nothing is wrong with the plan. ${WHAT_IS_CHECKED.join('\n')}\n`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

void main();
