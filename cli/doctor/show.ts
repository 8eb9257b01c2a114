import { wrap } from '../command-line/wrap.ts';
import type { FoundDeployment } from '../deployment/find.ts';
import { deploymentLine } from '../deployment/open.ts';
import { type Finding, type Health, SUBJECTS } from './findings.ts';

const HEALTH_WIDTH = 'not seen'.length + 2;
const INDENT = '  ';

const STAND_INS =
  'The administration of a project is a stand-in here: it says what Terraform would have made, and shows the command rather than this machine.';

/** The findings as people read them, by subject; commands are never broken. */
export function showFindings(
  findings: readonly Finding[],
  { deployment, columns }: { deployment: FoundDeployment; columns: number },
): string {
  const lead = `${INDENT}${' '.repeat(HEALTH_WIDTH)}`;
  const lines = ({ health, says, command }: Finding) => [
    ...wrap(says, columns - lead.length).map(
      (line, at) => `${at === 0 ? `${INDENT}${health.padEnd(HEALTH_WIDTH)}` : lead}${line}`,
    ),
    ...(command === undefined ? [] : [`${lead}${command}`]),
  ];
  const groups = SUBJECTS.map((subject) => ({
    subject,
    found: findings.filter((finding) => finding.subject === subject),
  })).filter(({ found }) => found.length > 0);
  return [
    deploymentLine(deployment),
    ...(deployment.local ? wrap(STAND_INS, columns) : []),
    ...groups.flatMap(({ subject, found }) => ['', subject, ...found.flatMap(lines)]),
    '',
    ...wrap(summaryOf(findings), columns),
    '',
  ].join('\n');
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (health: Health) => findings.filter((finding) => finding.health === health).length;
  const counts = `${count('missing')} missing, ${count('not seen')} not seen, ${count('ok')} ok.`;
  if (count('missing') + count('not seen') === 0) return counts;
  const names = findings.some(({ command }) => command?.includes('/ENVIRONMENT.')) ? ENVIRONMENT : '';
  return `${counts} ${WHAT_TO_DO}${names}`;
}

const WHAT_TO_DO = 'Commands put right what is missing, and show an administrator what was not seen.';
const ENVIRONMENT = ' ENVIRONMENT is the name of yours in terraform/env.';

/** For programs. */
export function findingsJson(findings: readonly Finding[], { project, inbox, local }: FoundDeployment) {
  return {
    ...{ project, inbox, isStandIn: local !== undefined },
    findings: findings.map(({ subject, health, says, command }) => ({
      ...{ subject, health, says },
      command: command ?? null,
    })),
  };
}
