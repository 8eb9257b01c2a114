import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Deployment, deploymentOf, type Instance } from '../terraform/deployment.ts';
import { blocksOf, readTexts } from '../terraform/hcl/blocks.ts';
import { markdownTable } from './markdown.ts';

const PAGE = fileURLToPath(new URL('../../docs/operations.md', import.meta.url));
const COUNTS = fileURLToPath(new URL('../../docs/operation-counts.md', import.meta.url));

/** docs/operations.md with costs and alerts between their marks; the rest is written by people. */
export function renderOperations(): string {
  const deployment = deploymentOf('terraform', blocksOf(readTexts('terraform', '.tf')), {
    project_id: 'project',
    environment: 'any',
  });
  const page = readFileSync(PAGE, 'utf8');
  const withCosts = between(page, 'costs', costsOf(readFileSync(COUNTS, 'utf8')));
  return between(withCosts, 'alerts', alertsOf(deployment));
}

function between(page: string, mark: string, content: string): string {
  const marks = new RegExp(`(<!-- ${mark}:begin -->)[\\s\\S]*?(<!-- ${mark}:end -->)`);
  if (!marks.test(page)) throw new Error(`docs/operations.md has lost the marks of its ${mark}`);
  return page.replace(marks, (_, begin, end) => `${begin}\n\n${content}\n\n${end}`);
}

/** First and last column of the counted operations, and the sentence with their sum. */
function costsOf(counts: string): string {
  const rows = counts
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [, ...priced] = rows.map((cells) => [cells.at(1) ?? '', cells.at(-2) ?? '']);
  const sum = /^1,000 runs cost[\s\S]*?\.$/m.exec(counts)?.[0];
  if (!sum || priced.length === 0)
    throw new Error('docs/operation-counts.md does not say what 1,000 runs cost');
  return `${markdownTable(['counted', '1,000 runs'], priced)}\n\n${sum.replaceAll('\n', ' ')}`;
}

function alertsOf({ instances }: Deployment): string {
  const rows = instances
    .filter(({ type }) => type === 'google_monitoring_alert_policy')
    .map((alert) => [
      String(alert.arguments.display_name).replace(/^tunedrop: /, ''),
      String(alert.arguments.severity).toLowerCase(),
      adviceOf(alert),
    ]);
  return markdownTable(['alert', 'severity', 'what to do'], rows);
}

function adviceOf({ address, arguments: { documentation } }: Instance): string {
  const [said] = Array.isArray(documentation) ? documentation : [];
  if (said === null || typeof said !== 'object' || !('content' in said)) {
    throw new Error(`${address} does not say what to do`);
  }
  return String(said.content);
}
