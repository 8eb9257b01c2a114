import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { DATA_KEYS } from '../models/data-keys.ts';
import { parseGsUri, topFolder } from '../objects/gs-uri.ts';
import type { DeploymentLimits } from './deployment-limits.ts';
import type { Manifest } from './keys.ts';

/** Teams that share an inbox: where a deployment separates them, a manifest names what lies in its own top-level folder of it. */

type TeamLimits = Pick<DeploymentLimits, 'inboxBucket' | 'areTeamsSeparated'>;

/** Whether a manifest may name an object, as far as teams go. `manifestUri`: its `gs://` URI. What is not in the inbox belongs to no team. */
export function isOfTeam(
  { bucket, name }: { bucket: string; name: string },
  manifestUri: string,
  { inboxBucket, areTeamsSeparated = false }: TeamLimits,
): boolean {
  if (!areTeamsSeparated || bucket !== inboxBucket) return true;
  const manifest = parseGsUri(manifestUri);
  return manifest.ok && topFolder(manifest.name) === topFolder(name);
}

/** Reports every key that names what lies in the folder of another team. */
export function checkTeamFolder(
  manifest: Partial<Manifest>,
  limits: TeamLimits,
  { locate, manifestUri }: { locate: Locate; manifestUri: string },
): ManifestIssue[] {
  const own = parseGsUri(manifestUri);
  return [...DATA_KEYS, 'custom_base_model' as const].flatMap((key): ManifestIssue[] => {
    const uri = manifest[key];
    const parsed = parseGsUri(uri ?? '');
    if (uri === undefined || !parsed.ok || isOfTeam(parsed, manifestUri, limits)) return [];
    const folder = own.ok ? topFolder(own.name) : '';
    return [
      manifestIssue('outside_team_folder', locate(key), { key, found: shown(uri), folder: shown(folder) }),
    ];
  });
}
