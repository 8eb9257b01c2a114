/** What is to be done at one path of a bucket's folder. */

import { sameWriting } from './signature.ts';

export interface PathState {
  /** Signature of the file; undefined where there is none. */
  file: string | undefined;
  /** Generation of the live object of that name; undefined where there is none. */
  object: string | undefined;
  /** What both were when they last had the same bytes. */
  synced: Synced | undefined;
}

export interface Synced {
  signature: string;
  generation: string;
}

export type FolderStep =
  | 'nothing'
  /** The file becomes the object's next generation. */
  | 'upload'
  /** The file is uploaded unless it has the object's bytes already. */
  | 'upload what differs'
  /** The object becomes the file. */
  | 'write file'
  | 'remove file'
  | 'remove object'
  /** Neither is there any more. */
  | 'forget';

/** A file that somebody wrote by hand always comes first: an object can be had again, the file would be lost. */
export function decide({ file, object, synced }: PathState): FolderStep {
  const objectChanged = object !== synced?.generation;
  if (file !== undefined && file !== synced?.signature) {
    // After a crash the upload of this very file may be what changed the object.
    const mayBeSame = (object && objectChanged) || (synced && sameWriting(file, synced.signature));
    return mayBeSame ? 'upload what differs' : 'upload';
  }
  if (object !== undefined && objectChanged) return 'write file';
  if (file !== undefined) return objectChanged ? 'remove file' : 'nothing';
  if (object !== undefined) return 'remove object';
  return synced ? 'forget' : 'nothing';
}
