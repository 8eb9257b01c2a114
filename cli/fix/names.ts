import { extname, relative } from 'node:path';

/** What lines of JSON are called. */
const OF_LINES = ['.jsonl', '.ndjson'];

/** Makes the names of copies, each of them once. */
export function createNames(): (wanted: string) => string {
  const taken = new Set<string>(['tune.json']);
  return (wanted) => {
    const ending = extname(wanted);
    const stem = wanted.slice(0, wanted.length - ending.length);
    let name = wanted;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}${ending}`;
    taken.add(name.toLowerCase());
    return name;
  };
}

/** Where a file lies in the copy of its folder: what was beside the folder lies in it. */
export function nameInside(dir: string, path: string): { wanted: string; isOutside: boolean } {
  const steps = relative(dir, path).split(/[\\/]/);
  return { wanted: steps.filter((step) => step !== '..').join('/'), isOutside: steps.includes('..') };
}

/** The name of what is lines of JSON from now on. */
export function namedAsLines(name: string): string {
  const ending = extname(name);
  return OF_LINES.includes(ending.toLowerCase())
    ? name
    : `${name.slice(0, name.length - ending.length)}.jsonl`;
}

/** The name of a part of a file that is written as several. */
export function namedAsPart(name: string, part: string, ending: string): string {
  return `${name.slice(0, name.length - extname(name).length)}.${part}${ending}`;
}
