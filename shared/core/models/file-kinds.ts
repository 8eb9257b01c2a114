/**
 * What an example of Gemini tuning may name besides text, and how many of each. Google Cloud, "Tune Gemini models by using
 * supervised fine-tuning", as of 2026-09-25. Sizes are of one file, in bytes. The page also limits pages (a document: 300) and
 * minutes (audio: 60; video: 5, or 20 in low resolution), which no metadata of a file tells.
 */
export const FILE_KINDS = [
  { kind: 'image', types: /^image\/[\w.+-]+$/i, most: 30, maxBytes: 20_000_000 },
  { kind: 'document', types: /^application\/pdf$/i, most: 4, maxBytes: 20_000_000 },
  { kind: 'audio', types: /^audio\/[\w.+-]+$/i, most: 1, maxBytes: 100_000_000 },
  { kind: 'video', types: /^video\/[\w.+-]+$/i, most: 1, maxBytes: 100_000_000 },
] as const;

export type NamedFileKind = (typeof FILE_KINDS)[number]['kind'];

/** The kind of a MIME type; undefined for one that no model is tuned on. */
export function fileKindOf(mimeType: unknown): NamedFileKind | undefined {
  if (typeof mimeType !== 'string') return undefined;
  return FILE_KINDS.find(({ types }) => types.test(mimeType))?.kind;
}

/** Ours: so many different files of a data set are looked at, the first ones, which bounds the time of a check. */
export const MAX_FILES_LOOKED_AT = 1_000;
