import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cancelText } from '../../../shared/core/manifest/cancel-text.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import type { Stack } from '../stack.ts';
import type { PageActions } from './actions.ts';

export interface InboxOfStack extends Pick<Stack, 'inbox' | 'dataDir'> {
  cloud: Pick<Stack['cloud'], 'upload'>;
}

/** What the page does, as uploads into the inbox of a cloud. A file is complete before it is an object. */
export function createPageActions({ cloud, inbox, dataDir }: InboxOfStack): PageActions {
  const upload = async (name: string, write: (file: string) => Promise<void>) => {
    const folder = join(dataDir, 'state', 'page-uploads');
    await mkdir(folder, { recursive: true });
    const file = join(folder, randomUUID());
    try {
      await write(file);
      await cloud.upload('inbox', name, file);
    } finally {
      await rm(file, { force: true });
    }
  };
  return {
    upload: (name, body) => upload(name, (file) => pipeline(body, createWriteStream(file))),
    cancel: async (run) => {
      const text = cancelText(await manifestTextOf(run, inbox));
      await upload(run.spec.source.name, (file) => writeFile(file, text));
    },
  };
}

/** As it lies in the inbox now; where that is no folder of this machine, as it was read. */
async function manifestTextOf({ spec }: Run, inbox: string): Promise<string> {
  const read = JSON.stringify(spec.manifest ?? {}, null, 2);
  return inbox === '' ? read : readFile(join(inbox, spec.source.name), 'utf8').catch(() => read);
}
