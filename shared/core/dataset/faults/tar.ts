import type { Beginning } from './beginning.ts';

/** Where the header of the first file in a tar archive has its mark (POSIX.1-1988). */
const MARK_AT = 257;

/** Whether a file is an archive of tar, whose headers lie among the lines of its files. */
export const isTar = ({ bytes }: Beginning): boolean =>
  bytes.indexOf('ustar') === MARK_AT && bytes.subarray(0, MARK_AT).includes(0);
