/** One version of one object: what a manifest upload is. Generations are opaque 64-bit numbers, kept as strings. */
export interface ObjectVersion {
  bucket: string;
  name: string;
  generation: string;
}

/** The same with when it was uploaded, RFC 3339. */
export interface UploadedVersion extends ObjectVersion {
  timeCreated: string;
}
