import type { OverLimit } from '../../shared/core/dataset/fix/line-corrections.ts';
import type { Flag, Flags } from '../command-line/flags.ts';
import { CHECK_FLAGS, JSON_FLAG } from '../folder/flags.ts';

export const FIX_FLAGS = {
  out: {
    value: 'FOLDER',
    help: 'the corrected copy (without it: DIR-fixed)',
    details: 'A folder that is not there yet.',
  },
  'over-limit': {
    value: 'cut|leave-out',
    help: 'what becomes of rows over the token limit',
    details: 'Without it they stay, and are told.',
    takes: 'cut or leave-out',
    read: (text: string): OverLimit | undefined =>
      text === 'cut' || text === 'leave-out' ? text : undefined,
  } as const satisfies Flag<OverLimit>,
  encoding: {
    value: 'NAME',
    help: 'encoding of files, or of lines, that are no UTF-8',
    details: 'Where it does not show: windows-1252, gbk, or another name of the Encoding Standard.',
    takes: 'the name of an encoding, such as windows-1252, gbk, shift_jis or euc-kr',
    read: (name: string) => (isEncoding(name) ? name : undefined),
  },
  ...CHECK_FLAGS,
  json: JSON_FLAG,
} as const satisfies Flags;

/** Whether the Encoding Standard has an encoding of this name. */
function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}
