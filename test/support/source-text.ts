/** TypeScript as text: enough of its grammar to separate code from comments and strings, and to find imports. */

export interface Segment {
  kind: 'code' | 'comment' | 'string';
  text: string;
}

export interface ImportStatement {
  specifier: string;
  /** `import type` or `export type`: gone before anything runs. */
  typeOnly: boolean;
  /** `require.resolve` and the like: only the path is wanted, the module is not run. */
  resolvedOnly: boolean;
}

/** What may begin something other than code: comments, quoted strings, a regular expression, a template, a brace. */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=(?:[=(,:[!&|?{};>\n]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/|[`{}]/g;

/** A piece of a template up to its end or to the next `${`. */
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;

/** Cuts source text into code, comments and strings; the code inside `${}` of a template is code. */
function segmentsOf(source: string): Segment[] {
  const segments: Segment[] = [];
  /** For each open brace: whether its end goes on with a template. */
  const braces: boolean[] = [];
  let position = 0;

  const push = (kind: Segment['kind'], end: number) => {
    if (end > position) segments.push({ kind, text: source.slice(position, end) });
    position = end;
  };
  const template = () => {
    TEMPLATE_TEXT.lastIndex = position + 1;
    const match = TEMPLATE_TEXT.exec(source);
    if (match?.[0].endsWith('${')) braces.push(true);
    push('string', match ? TEMPLATE_TEXT.lastIndex : source.length);
    TOKEN.lastIndex = position;
  };

  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const [token] = match;
    const goesOn = token === '}' ? braces.pop() : false;
    if (token === '{') braces.push(false);
    if (token === '{' || (token === '}' && !goesOn)) continue;
    push('code', match.index);
    if (token === '`' || goesOn) template();
    else push(/^\/[/*]/.test(token) ? 'comment' : 'string', TOKEN.lastIndex);
  }
  push('code', source.length);
  return segments;
}

/** The code alone, on its own lines; every comment and string is blank. */
export function codeOf(source: string): string {
  return segmentsOf(source)
    .map(({ kind, text }) => (kind === 'code' ? text : text.replace(/[^\n]/g, ' ')))
    .join('');
}

/** What stands before the module name in static imports, re-exports, dynamic imports, `require` and `resolve`. */
const BEFORE_SPECIFIER =
  /(?:\b(?:import|export)(?<type>\s+type)?\b[^;]*?\bfrom|\bimport|\bimport\s*\(|\brequire\s*\(|(?<resolve>\.resolve)\s*\()\s*$/;

/** Every module that the source names. */
export function importsOf(source: string): ImportStatement[] {
  const imports: ImportStatement[] = [];
  let code = '';
  for (const { kind, text } of segmentsOf(source)) {
    if (kind === 'code') code += text;
    if (kind !== 'string') continue;
    const before = BEFORE_SPECIFIER.exec(code.slice(code.lastIndexOf(';') + 1));
    if (before) {
      imports.push({
        specifier: text.slice(1, -1),
        typeOnly: before.groups?.type !== undefined,
        resolvedOnly: before.groups?.resolve !== undefined,
      });
    }
    code += '""';
  }
  return imports;
}

const EXPORT = /^export\s+(?:async\s+|abstract\s+)?(?:const|let|function\*?|class|interface|type)\s+(\w+)/gm;

/** The names that the source gives to something of its own; what it only passes on is not among them. */
export function exportedNames(source: string): string[] {
  return [...new Set([...codeOf(source).matchAll(EXPORT)].map(([, name = '']) => name))];
}
