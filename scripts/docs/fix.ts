import { CORRECTIONS } from '../../shared/core/issues/corrections.ts';
import { OTHER_ENCODINGS } from '../../shared/core/issues/whole-file-faults.ts';
import { heading, markdownTable, pageText } from './markdown.ts';

export function renderFix(): string {
  const encodings = Object.values(OTHER_ENCODINGS).map(({ name }) => name);
  return pageText(
    heading('A corrected copy of your folder', '`shared/core/issues/corrections.ts`'),
    '`npx tunedrop fix DIR` writes a copy of a folder in which everything is corrected that can be meant in one way only. It needs no ' +
      'network, no account and no deployment, reads and converts with the code that checks an upload, and leaves your folder as it is.',
    '```\nnpx tunedrop fix reviews                          # writes reviews-fixed\nnpx tunedrop fix reviews --over-limit cut         # and shortens the rows over the token limit\nnpx tunedrop check reviews-fixed                  # clean, or what only you can decide\n```',
    'The copy holds `tune.json`, the data that it names, and `tunedrop-fix.log`, with a line for every correction: the file and the line ' +
      'as they were, and what was done. Other files are not copied. The manifest of the copy names the corrected files (`train.csv` ' +
      'becomes `train.jsonl`) and keeps every other character; a file that needs nothing is copied byte for byte. Where nothing can ' +
      'be corrected, no copy is written, so that the command changes nothing in its own copy. `--out FOLDER` names another folder; ' +
      'what is there already is never written over.',
    '## What is corrected',
    markdownTable(
      ['in a file', 'what is done'],
      Object.entries(CORRECTIONS).map(([kind, { did }]) => [kind.replaceAll('_', ' '), did]),
    ),
    'In `tune.json`: another encoding or a byte order mark, a comma too many, a value that is right but for quotes, capitals or a list ' +
      'around it (`"train_steps": "40"`), a key in other capitals or signs (`trainSteps`), and the name of a file that lies there in other ' +
      'capitals. `default_context` is taken out when the examples were written with it.',
    '## What is never guessed',
    'No text is made up, and none is lost without a word. A line that nobody can read for certain stays as it is, and `tunedrop check` ' +
      'says of it what it says of yours; an array or a table of which one row cannot be read stays as it is as a whole, with the reason. ' +
      'Left to you are, among others: what a broken line was meant to say, a missing or empty answer, two fields of one name, which of two ' +
      'answers is right, what the columns of a table are, a merge conflict, and files that are something else (a web page, Parquet, Excel, an archive).',
    `Files in another encoding are converted where exactly one fits, read to their end: UTF-16, UTF-32, ${encodings.join(', ')}. Else \`--encoding NAME\` ` +
      'says which it is, with any name of the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels), such as `windows-1250`; files that are UTF-8 are not touched by it.',
    'Rows over the token limit stay unless you say what becomes of them: `--over-limit cut` takes words off the end of their longest text ' +
      'until the row surely fits, `--over-limit leave-out` leaves them out.',
    'The form of the examples is that of the base model, as [on the way to a job](data-forms.md). A file of which an example has a fault ' +
      'keeps its form until that is corrected: run the command again then. What the conversion would lose is left to `"convert": true` in the manifest.',
    '## For programs',
    '`--json` writes one object: `changed`, `out`, `report`; `manifest` and `files` with the corrections, how often and the first lines; ' +
      '`leftAsItIs` with the reason; `issues`, `issueCount` and `notChecked` as `tunedrop check --json` has them for the copy. The command ' +
      'ends with 0 when no error is left, 1 when one is, and 2 when it was called wrongly or nothing could be written.',
  );
}
