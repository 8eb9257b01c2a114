import { posix } from 'node:path';
import { importsOf } from './source-text.ts';

/** Which file imports which, types included: a circle of types is read in no order either. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The graph of these files, by path from the root; packages and files outside are left out. */
export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  const targets = (file: string, source: string) =>
    importsOf(source)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => posix.join(posix.dirname(file), specifier))
      .filter((target) => sources.has(target));
  return new Map([...sources].map(([file, source]) => [file, [...new Set(targets(file, source))]]));
}

/** The sets of files of which each reaches every other one, as sorted lists; a file that imports itself is one of them. */
export function circlesOf(graph: ImportGraph): string[][] {
  const reached = new Map([...graph.keys()].map((file) => [file, reachableFrom(file, graph)]));
  const circles = new Map<string, string[]>();
  for (const [file, others] of reached) {
    if (!others.has(file)) continue;
    const circle = [...others].filter((other) => reached.get(other)?.has(file)).sort();
    circles.set(circle[0] ?? file, circle);
  }
  return [...circles.values()].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

/** Every file that can be come to by one import or more. */
function reachableFrom(file: string, graph: ImportGraph): Set<string> {
  const reached = new Set<string>();
  const open = [...(graph.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return reached;
}
