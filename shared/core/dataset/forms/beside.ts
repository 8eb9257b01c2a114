/** Files that an example has beside its texts: of a question about a picture nothing can be learnt without it. */
import type { ParsedObject } from '../../json/values.ts';
import { type Form, isNothing } from './form.ts';

/** What people call them: LLaVA, LLaMA-Factory, and the columns of a hub. */
const FIELDS_OF_FILES = [
  ...['image', 'images', 'image_path', 'image_paths', 'image_url', 'image_urls', 'image_file', 'img'],
  ...['img_path', 'picture', 'photo', 'pixel_values', 'audio', 'audios', 'audio_path', 'audio_url'],
  ...['video', 'videos', 'video_path', 'video_url'],
] as const;

/** Where a file is, or the file itself: a word alone says something else. */
const isFile = (value: unknown) =>
  typeof value === 'string' ? /[./]/.test(value) || value.length > LONGEST_WORD : typeof value === 'object';

/** Ours. */
const LONGEST_WORD = 100;

const fileFieldIn = (record: ParsedObject) =>
  FIELDS_OF_FILES.find((field) => !isNothing(record[field]) && isFile(record[field]));

/** A form whose records may have a file beside the conversation. */
export const withFiles = (form: Form): Form => ({
  ...form,
  isForeign: (record) => fileFieldIn(record) !== undefined || form.isForeign?.(record) === true,
  read(record, reading) {
    const field = fileFieldIn(record);
    if (field === undefined) return form.read(record, reading);
    const { [field]: _, ...rest } = record;
    const example = form.read(rest, reading);
    return example && { ...example, fileBeside: field };
  },
});
