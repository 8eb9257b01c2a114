/** What `package-lock.json` says of one installed package; of its fields only these are looked at. */
interface LockedPackage {
  version?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  optional?: boolean;
}

export interface LockFile {
  name?: string;
  version?: string;
  lockfileVersion: number;
  requires?: boolean;
  /** By path from the root: `node_modules/a/node_modules/b`. */
  packages: Record<string, LockedPackage>;
}

/** What a deployed function's `package.json` says of itself. */
export interface FunctionManifest {
  name: string;
  version: string;
  private: true;
  main: string;
  engines: { node: string };
  dependencies: Record<string, string>;
}

/** Not copied: they say why the root has the package, which may be another reason than the function's. */
const ROOT_FLAGS = new Set(['dev', 'devOptional', 'peer']);

/** The lock file of a function: what its dependencies need, at the places, versions and checksums of the root's lock file. */
export function lockFileOf(manifest: FunctionManifest, root: LockFile): LockFile {
  const { name, version, engines, dependencies } = manifest;
  const paths = new Set<string>();
  const visit = (from: string, needed: LockedPackage) => {
    for (const dependency of namesNeeded(needed)) {
      const path = locate(root, from, dependency);
      if (path === undefined) throw new Error(`package-lock.json has no ${dependency} for ${from || name}`);
      if (paths.has(path)) continue;
      paths.add(path);
      visit(path, root.packages[path] ?? {});
    }
  };
  visit('', { dependencies });
  const packages = Object.fromEntries([...paths].sort().map((path) => [path, entryOf(root, path)]));
  return {
    name,
    version,
    lockfileVersion: root.lockfileVersion,
    requires: true,
    packages: { '': { name, version, dependencies, engines } as LockedPackage, ...packages },
  };
}

function entryOf(root: LockFile, path: string): LockedPackage {
  return Object.fromEntries(
    Object.entries(root.packages[path] ?? {}).filter(([key]) => !ROOT_FLAGS.has(key)),
  );
}

/** With the optional ones: which of them fit the machine is decided where they are installed. */
function namesNeeded({
  dependencies = {},
  optionalDependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}: LockedPackage): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers])];
}

/** As Node looks for a package: beside its user, then further and further out. */
function locate({ packages }: LockFile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
  }
}
