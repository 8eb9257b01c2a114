import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { OpenDeployment } from '../deployment/open.ts';

/** Where a browser finds what there is to see of a run: the live page, else the report as a file; undefined where there is none yet. */
export async function addressOf(
  { runId, status }: Run,
  { deployment, objects }: Pick<OpenDeployment, 'deployment' | 'objects'>,
): Promise<string | undefined> {
  if (deployment.page !== undefined) return `${deployment.page}runs/${runId}`;
  const parsed = parseGsUri(status.report ?? '');
  if (!parsed.ok) return undefined;
  const found = await objects().read(parsed);
  if (found === undefined) throw new Error(`${status.report} is not there any more.`);
  // For nobody else on this machine to read.
  const file = join(mkdtempSync(join(tmpdir(), 'tunedrop-')), `${runId}.html`);
  writeFileSync(file, found.bytes, { mode: 0o600 });
  return pathToFileURL(file).href;
}
