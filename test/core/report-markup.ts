/** A strict reader of the markup that the report writes: every `<` begins a tag, every attribute is quoted, every tag is closed. */

const VOID = new Set(['link', 'input', 'meta', 'br']);
const TAG = /<(?:!doctype html|(\/?)([a-z][a-z0-9]*)((?: [a-z][\w:-]*(?:="[^"<>]*")?)*)(\/?))>/g;

/** The tags with the names of their attributes, in order; throws at what is not well formed. */
export function tagsOf(page: string): string[] {
  const markup = page.replace(/(<(style|script)\b[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3');
  const rest = markup.replace(TAG, '');
  const stray = /[<>]/.exec(rest);
  if (stray) throw new Error(`not a tag: ${rest.slice(Math.max(0, stray.index - 40), stray.index + 40)}`);
  const open: string[] = [];
  return [...markup.matchAll(TAG)].map(([, slash = '', name = '', attributes = '', selfClosed = '']) => {
    if (slash) {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}>`);
    } else if (name && !VOID.has(name) && !selfClosed) open.push(name);
    return `${slash}${name}${attributes.replace(/="[^"]*"/g, '')}`;
  });
}

/** What a reader sees: the text without tags, its entities resolved. */
export function textOf(page: string): string {
  return page
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:lt|gt|quot|amp|#39|#96);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ');
}

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
  '&#39;': "'",
  '&#96;': '`',
};
