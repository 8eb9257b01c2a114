import type { Locate } from '../issues/issue.ts';
import type { Manifest, ManifestKey } from './keys.ts';

/** A manifest on its way: what stands in it under our names, what of that is right, and where each key stands. */
export interface ManifestReading {
  content: Record<string, unknown>;
  draft: Partial<Manifest>;
  locate: Locate;
}

/** A key as the person wrote it, for sentences about it; a key that is not there by its own name. */
export function writtenAs(locate: Locate, key: ManifestKey): string {
  return locate(key).path ?? key;
}
