import type { IgnoredUpload } from '../core/objects/ignored.ts';
import type { IgnoredUploads, Logger } from '../ports.ts';

/** Says of an upload that starts nothing what is to be done, in the log and in its document. */
export async function noteIgnored(
  { ignoredUploads, logger }: { ignoredUploads: IgnoredUploads; logger: Logger },
  id: string,
  upload: IgnoredUpload,
): Promise<void> {
  const { uri, reason, message, remedy } = upload;
  logger.warn('an upload starts nothing', { uri, reason, said: message, remedy });
  await ignoredUploads.note(id, upload);
}
