import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Deployment, deploymentOf, type Instance } from '../terraform/deployment.ts';
import { blocksOf, readTexts } from '../terraform/hcl.ts';
import { table } from './markdown.ts';

const PAGE = fileURLToPath(new URL('../../docs/operations.md', import.meta.url));
const ALERTS = /(<!-- alerts:begin -->)[\s\S]*?(<!-- alerts:end -->)/;

/** docs/operations.md with the alerts of Terraform between its two marks; the rest is written by people. */
export function renderOperations(): string {
  const deployment = deploymentOf('terraform', blocksOf(readTexts('terraform', '.tf')), {
    project_id: 'project',
    environment: 'any',
  });
  const page = readFileSync(PAGE, 'utf8');
  if (!ALERTS.test(page)) throw new Error('docs/operations.md has lost the marks of its alerts');
  return page.replace(ALERTS, (_, begin, end) => `${begin}\n\n${alertsOf(deployment)}\n\n${end}`);
}

function alertsOf({ instances }: Deployment): string {
  const rows = instances
    .filter(({ type }) => type === 'google_monitoring_alert_policy')
    .map((alert) => [
      String(alert.arguments.display_name).replace(/^tunedrop: /, ''),
      String(alert.arguments.severity).toLowerCase(),
      adviceOf(alert),
    ]);
  return table(['what rings', 'severity', 'what to do'], rows);
}

function adviceOf({ address, arguments: { documentation } }: Instance): string {
  const [said] = Array.isArray(documentation) ? documentation : [];
  if (said === null || typeof said !== 'object' || !('content' in said)) {
    throw new Error(`${address} does not say what to do`);
  }
  return String(said.content);
}
