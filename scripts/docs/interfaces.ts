/** One field of an interface as it stands in source text. */
export interface Field {
  name: string;
  type: string;
  isOptional: boolean;
}

const FIELD = /^ {2}(?<name>\w+)(?<optional>\?)?: (?<type>.+);$/gm;

/** The fields of an exported interface, in their order. The text is as the formatter leaves it: one field a line. */
export function fieldsOf(source: string, interfaceName: string): Field[] {
  const start = new RegExp(`^export interface ${interfaceName}\\b[^{]*\\{\\n`, 'm').exec(source);
  if (!start) throw new Error(`there is no interface ${interfaceName}`);
  const from = start.index + start[0].length;
  const body = source.slice(from, source.indexOf('\n}', from) + 1);
  return [...body.matchAll(FIELD)].map(({ groups = {} }) => ({
    name: groups.name ?? '',
    type: (groups.type ?? '').replace(/ \| undefined$/, ''),
    isOptional: groups.optional !== undefined,
  }));
}
