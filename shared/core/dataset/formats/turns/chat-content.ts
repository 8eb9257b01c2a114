import { isObject, type ParsedObject } from '../../../json/values.ts';
import type { Reporter } from '../../lines/reporter.ts';
import type { FilePart } from '../../tallies/named-files.ts';
import { checkTextValue } from '../fields.ts';

/** What a message says. */
export interface ContentRead {
  texts: string[];
  /** Images in Cloud Storage or elsewhere. */
  files: FilePart[];
}

/** The content of a message: a text, or a list of texts and images; undefined where something is wrong with it. */
export function readContent(
  { content, tool_calls }: ParsedObject,
  path: string,
  report: Reporter,
): ContentRead | undefined {
  if (!Array.isArray(content) || content.length === 0) {
    return checkTextValue(content, path, report, Array.isArray(tool_calls) ? { isBesideCalls: true } : {})
      ? { texts: [content], files: [] }
      : undefined;
  }
  const read: ContentRead = { texts: [], files: [] };
  const areSound = content.map((part, index) => readPart(part, `${path}[${index}]`, { report, read }));
  return areSound.every(Boolean) ? read : undefined;
}

interface Reading {
  report: Reporter;
  read: ContentRead;
}

function readPart(part: unknown, path: string, { report, read }: Reading): boolean {
  if (isObject(part) && part.type === 'text') {
    if (!checkTextValue(part.text, `${path}.text`, report)) return false;
    read.texts.push(part.text);
    return true;
  }
  if (isObject(part) && part.type === 'image_url') return readImage(part, path, { report, read });
  report('content_part_unknown', {}, { path });
  return false;
}

/** Google Cloud, "Tune open models": `gs://`, or the image itself as `data:`. */
function readImage({ image_url }: ParsedObject, path: string, { report, read }: Reading): boolean {
  const uri = isObject(image_url) ? image_url.url : undefined;
  if (!checkTextValue(uri, `${path}.image_url.url`, report)) return false;
  if (!uri.startsWith('data:image/')) read.files.push({ uri, kind: 'image', path });
  return true;
}
