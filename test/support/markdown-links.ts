import { posix } from 'node:path';

/** The relative links of a Markdown page that lead nowhere; `read` gives the text of a file of the repository. */
export function deadLinks(page: string, read: (path: string) => string | undefined): string[] {
  const prose = (read(page) ?? '').replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\((?<target>[^()\s]+)\)/g)]
    .map(({ groups }) => groups?.target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !leadsSomewhere(page, target, read))
    .map((target) => `${page}: ${target}`);
}

function leadsSomewhere(page: string, target: string, read: (path: string) => string | undefined): boolean {
  const [path = '', anchor] = target.split('#');
  const text = read(path === '' ? page : posix.join(posix.dirname(page), path));
  if (text === undefined) return false;
  return anchor === undefined || anchorsOf(text).includes(anchor);
}

/** As GitHub makes them from headings: lower case, without punctuation, blanks as hyphens. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (?<heading>.+)$/gm)].map(({ groups }) =>
    (groups?.heading ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
