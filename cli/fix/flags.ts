import type { OverLimit } from '../../shared/core/dataset/fix/line-corrections.ts';
import type { Flag, Flags } from '../command-line/flags.ts';
import { BUCKET_FLAG, JSON_FLAG } from '../folder/flags.ts';

export const FIX_FLAGS = {
  out: {
    value: 'FOLDER',
    help: 'where the corrected copy is written, a folder that is not there yet: DIR-fixed unless it is named',
  },
  'over-limit': {
    value: 'cut|leave-out',
    help: 'what becomes of rows over the token limit of the model: without it they stay, and are told',
    takes: 'cut or leave-out',
    read: (text: string): OverLimit | undefined =>
      text === 'cut' || text === 'leave-out' ? text : undefined,
  } as const satisfies Flag<OverLimit>,
  encoding: {
    value: 'NAME',
    help: 'the encoding of the files that are no UTF-8, such as windows-1252 or gbk, where it does not show',
    takes: 'the name of an encoding, such as windows-1252, gbk, shift_jis or euc-kr',
    read: (name: string) => (isEncoding(name) ? name : undefined),
  },
  bucket: BUCKET_FLAG,
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
