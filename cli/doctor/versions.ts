import manifest from '../../package.json' with { type: 'json' };
import type { Facts } from './facts.ts';
import type { Finding } from './findings.ts';
import { APPLY } from './resources.ts';

/** A label takes no points: terraform/functions.tf writes dashes. */
const VERSION_LABEL = 'tunedrop-version';

/** The version of what is deployed, beside that of this command. */
export function versionFindings({ functions }: Pick<Facts, 'functions'>, own = manifest.version): Finding[] {
  const subject = 'Versions';
  if (functions.kind !== 'seen')
    return [
      { subject, health: 'not seen', says: `This is version ${own}; the functions could not be read.` },
    ];
  const found = new Set(
    functions.value.flatMap(({ labels }) => labels?.[VERSION_LABEL]?.replaceAll('-', '.') ?? []),
  );
  const versions = [...found].toSorted();
  if (versions.length === 0)
    return [
      {
        ...{ subject, health: 'not seen', command: APPLY },
        says: `This is version ${own}; the functions do not say theirs, as those from before it.`,
      },
    ];
  if (versions.length === 1 && versions[0] === own)
    return [{ subject, health: 'ok', says: `The functions and this command are version ${own}.` }];
  return [
    {
      ...{ subject, health: 'missing', command: APPLY },
      says: `The functions are version ${versions.join(' and ')}, and this command is ${own}: apply the checkout of this version, or use the command of theirs.`,
    },
  ];
}
