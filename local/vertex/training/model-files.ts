/** The files of a tuned model in the job's output directory. */
import type { JsonObject } from '../http/json.ts';
import type { ObjectWriter } from '../storage/object-writer.ts';

export interface ModelFiles {
  weights: Uint8Array;
  document: JsonObject;
}

/**
 * Writes `adapter.bin` and `model.json`. The same job writes the same bytes, so a second attempt after a crash does no harm.
 * The model answers from the database: a job whose files could not be written says so and goes on.
 */
export async function writeModelFiles(
  directory: string,
  { weights, document }: ModelFiles,
  writeObject: ObjectWriter | undefined,
): Promise<{ artifactUri: string } | { note: string }> {
  if (!writeObject) return { note: 'No files were written: the service has no storage to write to.' };
  const json = new TextEncoder().encode(`${JSON.stringify(document, undefined, 2)}\n`);
  try {
    await writeObject(`${directory}/adapter.bin`, weights, 'application/octet-stream');
    await writeObject(`${directory}/model.json`, json, 'application/json');
    return { artifactUri: directory };
  } catch (error) {
    return { note: `No files were written: ${error instanceof Error ? error.message : String(error)}.` };
  }
}
