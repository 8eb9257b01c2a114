/** What counts as the same answer. */

/** Without space around it, runs of space as one blank, in Unicode's form NFC: what two people would call the same text. */
export function sameText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** Of code, where a line is indented counts: only space at the ends of lines and empty lines do not. */
export function sameCode(text: string): string {
  const lines = text.normalize('NFC').split(/\r\n|[\n\r]/u);
  return lines
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .join('\n');
}

/** Of labels, case and a full stop at the end do not count either: `Positive.` is the label `positive`. */
export function sameLabel(text: string): string {
  return sameText(text)
    .replace(/[.。]$/u, '')
    .toLowerCase();
}
