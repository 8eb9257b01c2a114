/**
 * What an example of Gemini tuning may name besides text, and how many of each. Google Cloud, "Tune Gemini models by using
 * supervised fine-tuning", as of 2026-09-25. Sizes are of one file, in bytes.
 */
export const FILE_KINDS = [
  { kind: 'image', types: /^image\/[\w.+-]+$/i, most: 30, maxBytes: 20_000_000 },
  { kind: 'document', types: /^application\/pdf$/i, most: 4, maxBytes: 20_000_000 },
  { kind: 'audio', types: /^audio\/[\w.+-]+$/i, most: 1, maxBytes: 100_000_000 },
  { kind: 'video', types: /^video\/[\w.+-]+$/i, most: 1, maxBytes: 100_000_000 },
] as const;
