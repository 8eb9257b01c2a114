import { sentUrl } from '../../shared/core/tuning/job-request.ts';
import { issueSections, totalsText } from '../command-line/issues.ts';
import { alignRows } from '../command-line/text.ts';
import type { FolderCheck } from '../folder/check-folder.ts';
import type { FolderPlan } from './plan-folder.ts';
import { planLines } from './summary.ts';

/** The plan as people read it, and the request that follows from it. */
export function showPlan(
  { manifestUri, plan, request, sweep: requests }: FolderPlan,
  checked: Pick<FolderCheck, 'issues' | 'issueCount' | 'cost' | 'evaluation' | 'hint' | 'sweep'>,
): string {
  const { issues, issueCount } = checked;
  const { method, body } = request;
  const defaults = plan.backend === 'pipelineJobs' ? plan.templateDefaults : {};
  const notSent = alignRows(Object.entries(defaults).map(([name, value]) => [name, `${value}`]));
  const sections = [
    [
      `Plan for ${manifestUri}, ${requests ? `a sweep of ${requests.length} runs` : `run ${plan.runId}`}`,
      ...planLines(plan, checked),
    ],
    notSent.length > 0 ? ['Not sent; the template’s own defaults, as far as documented', ...notSent] : [],
    plan.notes.length > 0 ? ['Left open', ...plan.notes.map((note) => `  ${note}`)] : [],
    plan.isDryRun ? ['dry_run is set: the request is recorded in the run document and never sent.'] : [],
    [
      ...issueSections(issues).flatMap((section) => [section, '']),
      `tunedrop check: ${totalsText(issueCount)}`,
    ],
    [
      requests ? `Request of run 1 of ${requests.length}; --json has all` : 'Request',
      `${method} ${sentUrl(request)}`,
      JSON.stringify(body, null, 2),
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
