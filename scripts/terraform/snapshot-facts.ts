// `node scripts/terraform/snapshot-facts.ts CHECKOUT [FOLDER]`: writes terraform/schema/provider-facts.json from a git
// checkout of https://github.com/hashicorp/terraform-provider-google: what the npm package in FOLDER does not carry. Run
// `snapshot-schema.ts` after it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { factsOf, HAND_FACTS } from './facts-of.ts';
import { readGoSchema } from './go-schema.ts';
import type { ProviderFacts, ResourceFacts } from './provider-facts.ts';
import { fetchPackage, readPackaged } from './schema-package.ts';
import { WANTED_RESOURCES } from './wanted-types.ts';

const TAG = 'v7.45.0';
const OUTPUT = fileURLToPath(new URL('../../terraform/schema/provider-facts.json', import.meta.url));

const [checkout, folder = fetchPackage()] = process.argv.slice(2);
if (!checkout) throw new Error('usage: node scripts/terraform/snapshot-facts.ts CHECKOUT [FOLDER]');

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 27 });
const files = git('ls-tree', '-r', '--name-only', TAG, 'google/services').split('\n');

function resourceFacts(type: string): ResourceFacts {
  const packaged = readPackaged(folder, 'resource', type);
  if (/_iam_(?:member|audit_config)$/.test(type)) return iamFacts(Object.keys(packaged.attributes ?? {}));
  const own = new RegExp(`/resource_(?:google_)?${type.replace('google_', '')}\\.go$`);
  const source = files.find((file) => own.test(file));
  if (!source) return { source: HAND_FACTS[type]?.source ?? '', fields: HAND_FACTS[type]?.fields ?? {} };
  const { fields, removed } = factsOf(packaged, readGoSchema(git('show', `${TAG}:${source}`)));
  const hand = HAND_FACTS[type];
  return {
    source: hand ? `${source}; ${hand.source}` : source,
    removed,
    fields: { ...fields, ...hand?.fields },
  };
}

/** A binding is never changed, only made and removed. */
function iamFacts(names: string[]): ResourceFacts {
  const own = names.filter((name) => name !== 'id' && name !== 'etag');
  return {
    source: 'google/tpgiamresource/resource_iam_member.go',
    fields: Object.fromEntries(own.map((name) => [name, { force_new: true }])),
  };
}

const facts: ProviderFacts = {
  provider: `hashicorp/google ${TAG.slice(1)}`,
  resources: Object.fromEntries(WANTED_RESOURCES.map((type) => [type, resourceFacts(type)])),
};
const lines = JSON.stringify(facts).replace(/("google_\w+":\{"source")/g, '\n$1');
writeFileSync(OUTPUT, `${lines}\n`);
console.log(`written ${OUTPUT}`);
