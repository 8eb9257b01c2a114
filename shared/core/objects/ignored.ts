import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { digest } from './digest.ts';
import { gsUri } from './gs-uri.ts';
import { manifestName } from './roles.ts';
import type { UploadedVersion } from './version.ts';

/** `uploads/{uploadId}`: an upload that starts nothing, though somebody may wait for it. */
export const IgnoredUploadSchema = openObject({
  uri: z.string().describe('The upload.'),
  generation: z.string().describe('Its generation.'),
  timeCreated: z.string().describe('When it was uploaded.'),
  reason: z.string().describe('Why it starts nothing, one CamelCase word for programs.'),
  message: z.string().describe('The same for people.'),
  remedy: z.string().describe('What to do; empty where nothing is to be done any more.'),
  noticedTime: z.string().describe('When this was written.'),
});
export type IgnoredUpload = z.infer<typeof IgnoredUploadSchema>;

/** How long such a document is of use. */
export const IGNORED_UPLOAD_DAYS = 30;

/**
 * The document of an upload: one of 1,024, so that whoever uploads a million archives fills no database. An upload whose name falls on
 * the same document takes its place; every upload has a line in the log besides.
 */
export function ignoredUploadId(upload: { bucket: string; name: string }): string {
  return `u${digest(gsUri(upload)).slice(0, 2)}`;
}

interface Kind {
  reason: string;
  /** Of the last part of the name. */
  fits: RegExp;
  message: string;
  remedy: (upload: { bucket: string; name: string }) => string;
}

/** Uploads whose name says that something else was meant. The first that fits. */
const KINDS: readonly Kind[] = [
  {
    reason: 'NotJson',
    fits: /^(?:.*[-_. ])?tune\.(?:ya?ml|toml|json5|jsonc|hjson)$/i,
    message: `A manifest is JSON and called ${manifestName}; no other form is read.`,
    remedy: () => `Write the same keys as JSON into a file called ${manifestName}, and upload that.`,
  },
  {
    reason: 'NotTheName',
    fits: /^(?:.*[-_. ])?tune(?:[-_. (].*)?\.json(?:\.\w{1,8}|~)?$|^tune(?:\.(?:txt|js|jsn|jso|josn|jsom))?$|^manifest\.json$/i,
    message: `A manifest is called ${manifestName}, in small letters and nothing before or after; this file is not read.`,
    remedy: (upload) => {
      const folder = upload.name.slice(0, upload.name.lastIndexOf('/') + 1);
      const right = gsUri({ bucket: upload.bucket, name: `${folder}${manifestName}` });
      return `If it is meant as a manifest, rename it:\ngcloud storage mv '${gsUri(upload)}' '${right}'`;
    },
  },
  {
    reason: 'Archive',
    fits: /\.(?:zip|tar|tgz|gz|bz2|xz|zst|7z|rar)$/i,
    message: 'An archive is not unpacked.',
    remedy: () => `Unpack it and upload the folder, with ${manifestName} in it.`,
  },
];

/** What is to be said of an upload that starts nothing; undefined where nothing is expected of it by its name. */
export function ignoredUpload(upload: UploadedVersion, now: string): IgnoredUpload | undefined {
  const kind = findIgnored(upload.name);
  if (kind === undefined) return undefined;
  const { generation, timeCreated } = upload;
  const { reason, message } = kind;
  return {
    ...{ uri: gsUri(upload), generation, timeCreated, reason, message },
    remedy: kind.remedy(upload),
    noticedTime: now,
  };
}

/** Why a file of this name starts nothing, where somebody may think that it does. */
export function findIgnored(name: string): Pick<Kind, 'reason' | 'message' | 'remedy'> | undefined {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last === manifestName ? undefined : KINDS.find(({ fits }) => fits.test(last));
}
