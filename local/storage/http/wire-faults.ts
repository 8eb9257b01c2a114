/** Faults inside a body, which the fault script (whole calls) cannot express. Each is met once, in order. */

export interface WireFaults {
  /** The next download is cut off after this many bytes. */
  breakMediaAfter(bytes: number): void;
  /** The next download sends this many bytes and then nothing, until the client leaves. */
  stallMediaAfter(bytes: number): void;
  /** The next upload is answered with 503 after this many bytes of its body; a resumable session keeps them. */
  breakUploadAfter(bytes: number): void;
  /** How many of these faults nobody has met yet. */
  remainingBreaks(): number;
}

export interface MediaFault {
  kind: 'break' | 'stall';
  afterBytes: number;
}

export interface WireFaultQueue extends WireFaults {
  nextMedia(): MediaFault | undefined;
  nextUpload(): number | undefined;
}

export function createWireFaults(): WireFaultQueue {
  const media: MediaFault[] = [];
  const uploads: number[] = [];
  return {
    breakMediaAfter: (bytes) => void media.push({ kind: 'break', afterBytes: bytes }),
    stallMediaAfter: (bytes) => void media.push({ kind: 'stall', afterBytes: bytes }),
    breakUploadAfter: (bytes) => void uploads.push(bytes),
    remainingBreaks: () => media.length + uploads.length,
    nextMedia: () => media.shift(),
    nextUpload: () => uploads.shift(),
  };
}
