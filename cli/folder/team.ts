import type { Locate } from '../../shared/core/issues/issue.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { checkTeamFolder, isOfTeam } from '../../shared/core/manifest/team-folders.ts';
import { gsUri, parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { displayNameOf, type Folder } from './folder.ts';

/** Where the manifest will lie, as far as teams go: a folder whose place nobody said is taken for that of a team. */
export function teamOf(folder: Folder, limits: DeploymentLimits) {
  const { bucket, prefix } = folder.upload ?? { bucket: 'inbox', prefix: `${displayNameOf(folder)}/` };
  return {
    manifestUri: gsUri({ bucket, name: `${prefix}tune.json` }),
    limits: { ...limits, inboxBucket: bucket },
  };
}

type Team = ReturnType<typeof teamOf>;

/** Names are followed from where the manifest will lie; what is wrong with one is told where it stands here. */
export function checkTeam(manifest: Uint8Array, locate: Locate, { manifestUri, limits }: Team) {
  if (!limits.areTeamsSeparated) return [];
  const { draft, issues } = parseManifest(manifest, { uri: manifestUri });
  const outside = issues.flatMap((issue) =>
    issue.code === 'uri_outside_inbox' ? [{ ...issue, at: locate(issue.fields.key) }] : [],
  );
  return [...outside, ...checkTeamFolder(draft, limits, { locate, manifestUri })];
}

/** Whether an example may name a file, as far as teams go. */
export function mayReadOfTeam(uri: string, { manifestUri, limits }: Team): boolean {
  const parsed = parseGsUri(uri);
  return !parsed.ok || isOfTeam(parsed, manifestUri, limits);
}
