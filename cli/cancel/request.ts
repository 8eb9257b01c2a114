import { createHash } from 'node:crypto';
import { cancelText } from '../../shared/core/manifest/cancel-text.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { UploadSource } from '../deployment/objects.ts';
import type { OpenDeployment } from '../deployment/open.ts';

/** The ids of the runs of a manifest that have not ended, the newest first. */
export async function unfinishedRuns({ runs }: Pick<OpenDeployment, 'runs'>, uri: string): Promise<string[]> {
  return (await runs.ofManifest(uri))
    .filter(({ status }) => !isTerminal(status.state))
    .toSorted((a, b) => b.status.createTime.localeCompare(a.status.createTime))
    .map(({ runId }) => runId);
}

/** Uploads the manifest with `"cancel": true` before all that it says; one that is gone, or is no JSON, with nothing else. */
export async function requestCancel(
  { objects: openObjects }: Pick<OpenDeployment, 'objects'>,
  place: { bucket: string; name: string },
): Promise<void> {
  const objects = openObjects();
  const there = await objects.read(place);
  const text = cancelText(there ? Buffer.from(there.bytes).toString('utf8') : '');
  await objects.upload(place, sourceOf(text), { ifGeneration: there?.generation ?? '0' });
}

function sourceOf(text: string): UploadSource {
  const bytes = new Uint8Array(Buffer.from(text));
  return {
    sizeBytes: bytes.length,
    md5: createHash('md5').update(bytes).digest('base64'),
    read: async (from, to) => bytes.subarray(from, to),
  };
}
