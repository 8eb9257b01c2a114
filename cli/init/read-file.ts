import { open } from 'node:fs/promises';
import type { Container } from '../../shared/core/dataset/containers/container.ts';
import { containerOf, recordsIn } from '../../shared/core/dataset/containers/recognise.ts';
import { PEEKED_BYTES } from '../../shared/core/dataset/forms/choose.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import type { Recognised } from './propose.ts';

export interface RecognisedFile extends Recognised {
  container: Container['kind'];
}

/** What the beginning of a file says of it; undefined where its records are in no form. */
export async function readDataFile(path: string): Promise<RecognisedFile | undefined> {
  const beginning = await beginningOf(path);
  const container = containerOf(beginning, (record) => formOfRecord(record) !== undefined);
  const records = recordsIn(beginning, container);
  const form = records.map(formOfRecord).find((one) => one !== undefined);
  if (form === undefined) return undefined;
  const { read } = FORMS[form];
  const reading = { report: () => {}, onUnused: () => {} };
  return {
    form,
    container: container.kind,
    examples: records.flatMap((record) => read(record, reading) ?? []),
  };
}

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEKED_BYTES), 0, PEEKED_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
