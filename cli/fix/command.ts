import { resolve } from 'node:path';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { FOLDER, limitsOfCheck } from '../folder/flags.ts';
import { keepHeapSmall } from '../folder/small-heap.ts';
import { fixFolder, problemOfOut } from './fix-folder.ts';
import { FIX_FLAGS } from './flags.ts';
import { fixedJson, showFixed } from './show.ts';

/** A corrected copy of a folder. */
export const fix = defineCommand({
  call: 'npx tunedrop fix',
  summary: 'Writes a corrected copy of a folder, offline.',
  details: 'Whatever a machine can correct without guessing; DIR stays as it is.',
  operand: FOLDER,
  flags: FIX_FLAGS,
  async carryOut({ operand, flags }, { stdout, stderr, today }) {
    keepHeapSmall();
    const dir = operand.replace(/(?<=.)\/+$/, '');
    const { bucket, encoding, out = besides(dir) } = flags;
    const problem = problemOfOut(out, dir);
    if (problem !== undefined) {
      stderr.write(`${problem}\n`);
      return EXIT.misuse;
    }
    const limits = limitsOfCheck(flags);
    const overLimit = flags['over-limit'];
    const fixed = await fixFolder({ dir, upload: bucket }, { limits, today, out, overLimit, encoding });
    const places = { dir, out };
    stdout.write(
      flags.json ? `${JSON.stringify(fixedJson(fixed, places), null, 2)}\n` : showFixed(fixed, places),
    );
    return fixed.checked.issueCount.error > 0 ? EXIT.failed : EXIT.ok;
  },
});

/** `.` and `..` have another name beside them. */
const besides = (dir: string) => `${/(?:^|\/)\.{1,2}$/.test(dir) ? resolve(dir) : dir}-fixed`;
