import { type JobRequest, sentUrl } from '../job-request.ts';
import type { Plan } from '../plan.ts';
import { curlCommand, literal } from './text.ts';

/** How the creation of a job may be written, to be pasted. */
export const CREATE_LANGUAGES = ['curl', 'python', 'node'] as const;
export type CreateLanguage = (typeof CREATE_LANGUAGES)[number];

type Sent = Pick<JobRequest, 'url' | 'query' | 'body'>;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * The creation of a plan's job as a command or a program, with Google's own way of logging in. It has the labels of the manifest alone:
 * a job with ours would be followed, or stopped, as that of a run.
 */
export function createCommand(language: CreateLanguage, { labels }: Plan, request: Sent): string {
  const body = { ...request.body, labels: Object.keys(labels).length === 0 ? undefined : labels };
  return IN_LANGUAGE[language](sentUrl(request), JSON.parse(JSON.stringify(body)));
}

const IN_LANGUAGE: Record<CreateLanguage, (url: string, body: object) => string> = {
  curl(url, body) {
    const { origin } = new URL(url);
    return curlCommand({ origin, path: url.slice(origin.length), body, isLocal: false });
  },
  python: (url, body) =>
    [
      '# pip install google-auth requests',
      'import google.auth',
      'from google.auth.transport.requests import AuthorizedSession',
      '',
      `credentials, _ = google.auth.default(scopes=[${literal(SCOPE)}])`,
      'answer = AuthorizedSession(credentials).post(',
      `    ${literal(url)},`,
      `    json=${laidOut(body, PYTHON_WORDS, '    ')},`,
      ')',
      'print(answer.status_code, answer.text)',
    ].join('\n'),
  node: (url, body) =>
    [
      '// npm install google-auth-library',
      "import { GoogleAuth } from 'google-auth-library';",
      '',
      `const auth = new GoogleAuth({ scopes: ${literal(SCOPE)} });`,
      'const { data } = await auth.request({',
      "  method: 'POST',",
      `  url: ${literal(url)},`,
      `  data: ${laidOut(body, {}, '  ')},`,
      '});',
      'console.log(data);',
    ].join('\n'),
};

const PYTHON_WORDS: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };

/** A value of JSON over lines; `words` has those that the language spells otherwise. */
function laidOut(value: unknown, words: Readonly<Record<string, string>>, indent: string): string {
  if (typeof value !== 'object' || value === null) {
    const text = literal(value);
    return typeof value === 'string' ? text : (words[text] ?? text);
  }
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Object.entries(value).map(([name, one]) => {
    const key = Array.isArray(value) ? '' : `${literal(name)}: `;
    return `${inner}${key}${laidOut(one, words, inner)},`;
  });
  return members.length === 0 ? `${open}${close}` : [open, ...members, `${indent}${close}`].join('\n');
}
