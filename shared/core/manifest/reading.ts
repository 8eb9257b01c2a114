import type { Locate } from '../issues/issue.ts';
import type { Manifest } from './keys.ts';

/** A manifest on its way: what stands in it under our names, what of that is right, and where each key stands. */
export interface ManifestReading {
  content: Record<string, unknown>;
  draft: Partial<Manifest>;
  locate: Locate;
}
