import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import type { Run } from './run.ts';

/** `manifests/{manifestId}`: what a manifest's path stands for now. */
export const ManifestPointerSchema = openObject({
  uri: z.string().describe('The manifest, as a `gs://` URI.'),
  bucket: z.string().describe('Its bucket.'),
  name: z.string().describe('Its name.'),
  generation: z.string().describe('Its newest upload.'),
  timeCreated: z.string().describe('When that was uploaded.'),
  runId: z
    .string()
    .describe(
      'The run that matters: of the newest upload, or, where that was skipped, the run with the same bytes, or the one that it cancelled.',
    ),
  previousRunId: z
    .string()
    .optional()
    .describe(
      'The run that it pointed to before the newest upload, while nobody knows whether that is skipped.',
    ),
});
export type ManifestPointer = z.infer<typeof ManifestPointerSchema>;

/** The pointer once a run is opened; undefined where it stays: that of an older upload came late. */
export function pointedTo(
  there: ManifestPointer | undefined,
  { runId: ownId, spec }: Run,
): ManifestPointer | undefined {
  const { uri, bucket, name, generation, timeCreated } = spec.source;
  // Of a sweep the run of the manifest is the result, whichever of its runs is opened or made anew.
  const runId = spec.sweepOf?.parent.slice('runs/'.length) ?? ownId;
  if (there !== undefined && there.timeCreated > timeCreated) return undefined;
  const previousRunId = there?.runId === runId ? there.previousRunId : there?.runId;
  return { uri, bucket, name, generation, timeCreated, runId, previousRunId };
}

/** The pointer once a run has changed; undefined where it stays. A run that was skipped is nobody's result: its path stands for the one that it repeats or cancels. */
export function pointedBack(
  there: ManifestPointer | undefined,
  { runId, status }: Run,
): ManifestPointer | undefined {
  if (there?.runId !== runId || !isSkipped(status)) return undefined;
  const { previousRunId, ...pointer } = there;
  const matters = status.sameAs?.slice('runs/'.length) ?? previousRunId;
  return matters === undefined ? undefined : { ...pointer, runId: matters };
}

/** Whether the path of a run may have to be pointed elsewhere. */
export function isSkipped({ state }: Pick<Run['status'], 'state'>): boolean {
  return state === 'SKIPPED';
}
