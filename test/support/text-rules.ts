import { codeOf } from './source-text.ts';

/** What may not stand in a file, with a line that breaks the rule and one that only looks like it. */
export interface TextRule {
  name: string;
  files: RegExp;
  except?: RegExp;
  /** `code` leaves comments and strings out. */
  view: 'code' | 'text';
  pattern: RegExp;
  breaks: string;
  keeps: string;
}

const TYPESCRIPT = /\.ts$/;

export const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'the environment is read in one file of the product',
    files: /^(?:functions|shared)\/.*\.ts$/,
    except: /^shared\/runtime\/config\.ts$/,
    view: 'code',
    pattern: /\bprocess\s*\??\.\s*env\b|\benv\b[^{}]*\}\s*=\s*process\b/,
    breaks: `const bucket = \`\${process.env.BUCKET}\`;`,
    keeps: '// process.env is read in config.ts',
  },
  {
    name: 'time and chance come in from outside',
    files: /^(?:shared\/(?:core|flows)|functions)\/.*\.ts$/,
    except: /^functions\/[^/]+\/index\.ts$/,
    view: 'code',
    pattern:
      /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|[;,)\]}])|\bMath\s*\.\s*random\b|\brandomUUID\b|\bset(?:Timeout|Interval|Immediate)\b/,
    breaks: 'const now = new Date().toISOString();',
    keeps: 'const at = new Date(Date.parse(time) + ms);',
  },
  {
    name: 'exports have names',
    files: TYPESCRIPT,
    except: /^vitest(?:\.nightly)?\.config\.ts$/,
    view: 'code',
    pattern: /\bexport\s+default\b|\bas\s+default\b/,
    breaks: 'export default function run() {}',
    keeps: 'export const text = "export default";',
  },
  {
    name: 'nothing is of type any',
    files: TYPESCRIPT,
    view: 'code',
    pattern: /(?<![.\w$])any(?![\w$]|\s*[:(])/,
    breaks: 'const rows: Record<string, any> = {};',
    keeps: 'const first = await Promise.any(tries);',
  },
  {
    name: 'a member that may be absent is undefined, not spread in on a condition',
    files: /^(?:functions|shared|local|cli|scripts|bench)\/.*\.(?:ts|mjs)$/,
    view: 'code',
    pattern: /\.\.\.\(.*(?:\?\s*\{\}\s*:|:\s*\{\}\s*\)|&&\s*\{)|^\s*[?:]\s*\{\}(?:\)|$)/,
    breaks: 'const issue = { code, ...(line === undefined ? {} : { line }) };',
    keeps: 'const record = all.get(name) ?? (isKnown ? known : {});',
  },
  {
    name: 'the compiler is not silenced',
    files: TYPESCRIPT,
    view: 'text',
    pattern: /@ts-(?:ignore|nocheck|expect-error)\b/,
    breaks: `// @ts-${'ignore'}`,
    keeps: '// @typescript',
  },
  {
    name: 'modules are not mocked',
    files: /^test\/.*\.ts$/,
    view: 'code',
    pattern: /\bvi\s*\.\s*(?:do)?[mM]ock\b/,
    breaks: 'vi.mock("node:fs");',
    keeps: 'const calls = vi.fn();',
  },
  {
    // `/home/me/` is the example of a person's folder.
    name: 'nothing depends on the folders of one machine',
    files: /./,
    view: 'text',
    pattern: /(?<![\w.:/@-])\/(?:work|root|home(?!\/me\/)|Users)\/|\b[A-Z]:\\Users\\/,
    breaks: `const folder = '/${'home'}/somebody/data';`,
    keeps: 'import { homedir } from "node:os"; // https://example.com/home/page',
  },
  {
    name: 'the folder for temporary files is asked for',
    files: /^(?!test\/core\/).*\.(?:ts|mjs|sh)$/,
    view: 'text',
    pattern: /(?<![\w.:/@-])\/tmp\//,
    breaks: `const folder = '/${'tmp'}/data';`,
    keeps: 'const folder = join(tmpdir(), "data");',
  },
  {
    name: 'no package registry is named',
    files: /./,
    view: 'text',
    pattern:
      /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+|\bnpm\.pkg\.github\.com\b|\b(?:artifactor[y]|verdacci[o])\b/i,
    breaks: `registry=https://registry.${'npmjs'}.org/`,
    keeps: 'Installs from the registry that npm is configured with.',
  },
  {
    name: 'sentences and names use the words of the field',
    files: /\.(?:ts|mjs|md|tf|yaml)$/,
    except: /^test\/support\/text-rules\.ts$/,
    view: 'text',
    pattern:
      /\b(?:teller|patience|examin(?:e|es|ed|ing)|mend(?:s|ed|ing)?)\b|\bunder our hands\b|\bwithout a stir\b/i,
    breaks: 'The next change mends the file.',
    keeps: 'A commendable recommendation.',
  },
  {
    // A function's log is JSON, made printable where the line is made.
    name: 'nothing is written to a terminal but through the one function that makes text printable',
    files: /^(?:cli|local|shared|functions|bench|scripts\/deploy)\/.*\.(?:ts|mjs)$/,
    except: /^(?:cli\/command-line\/terminal|shared\/compose|local\/small-model\/pretrain\/main)\.ts$/,
    view: 'code',
    pattern:
      /\bprocess\s*\??\.\s*(?:stdout|stderr|emitWarning|_rawDebug)\b(?!\.write\((?:printable\(|passed \?))|\bstd(?:out|err)\b[^{}]*\}\s*=\s*process\b|\bconsole\s*(?:\?\.|\.|\[)|\bwriteSync\(\s*[12]\b/,
    breaks: 'process.stderr.write(error.message);',
    keeps: 'process.stdout.write(printable(line));',
  },
  {
    name: 'nothing is left for later in a comment',
    files: /./,
    view: 'text',
    pattern: /\b(?:TO[D]O|FIX[M]E|HAC[K]|XX[X])\b/,
    breaks: `// ${'TO'}${'DO'}: the rest`,
    keeps: 'Google answers with a to-do list.',
  },
];

/** The places where a file breaks a rule, as `path:line: text`. */
export function breaches({ pattern, view }: TextRule, file: string, source: string): string[] {
  const text = view === 'code' ? codeOf(source) : source;
  return text
    .split('\n')
    .map((line, index) => ({ line, at: `${file}:${index + 1}` }))
    .filter(({ line }) => pattern.test(line))
    .map(({ line, at }) => `${at}: ${line.trim()}`);
}

export function isSubject({ files, except }: TextRule, file: string): boolean {
  return files.test(file) && !except?.test(file);
}
