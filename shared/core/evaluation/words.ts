/** Words as measures count them, in every script. */

const RUNS = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that are written without spaces between words. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/**
 * The words of a text in lower case. On English it gives what Google's `rouge_score` takes as tokens: runs of letters and digits. Texts of
 * scripts without spaces are cut where a dictionary ends a word (Unicode's UAX #29), because they would be one word each.
 */
export function wordsOf(text: string): string[] {
  const runs = text.normalize('NFC').toLowerCase().match(RUNS) ?? [];
  return runs.flatMap((run) => (WITHOUT_SPACES.test(run) ? cut(run) : run));
}

function cut(run: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  return Array.from(segmenter.segment(run), ({ segment }) => segment);
}
