// `node scripts/terraform/snapshot-iam.ts CHECKOUT`: writes terraform/schema/iam.json from a git checkout of
// https://github.com/iann0036/iam-dataset (MIT), which has Google's predefined roles as Google's API gives them. Refuses a role or
// permission that is in none of them.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readTexts } from './hcl/blocks.ts';
import { IAM_FILE, type IamFacts, NEEDED } from './iam-facts.ts';

const [checkout] = process.argv.slice(2);
if (!checkout) throw new Error('usage: node scripts/terraform/snapshot-iam.ts CHECKOUT');

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 27 });

/** Roles that together have every permission that a role of our own may want. */
const WHERE_PERMISSIONS_ARE = [
  'roles/aiplatform.admin',
  'roles/datastore.owner',
  'roles/iam.securityReviewer',
  'roles/iam.serviceAccountUser',
  'roles/storage.admin',
  'roles/viewer',
];

function permissionsOf(role: string): string[] {
  const text = git('show', `HEAD:gcp/roles/${role.replace('roles/', '')}.json`);
  return (JSON.parse(text) as { includedPermissions: string[] }).includedPermissions;
}

const written = Object.values({
  ...readTexts('terraform', '.tf'),
  ...readTexts('terraform/bootstrap', '.tf'),
}).join('\n');
const all = (pattern: RegExp) =>
  [...new Set([...written.matchAll(pattern)].map(([, found = '']) => found))].sort();

const roles = all(/"(roles\/\w+\.[\w.]+)"/g);
const own = all(/"((?!metric\.)[a-z]+\.(?!googleapis)[a-zA-Z]+\.(?!yaml)[a-zA-Z]+)"/g);
const known = new Set(WHERE_PERMISSIONS_ARE.flatMap(permissionsOf));
const unknown = own.filter((permission) => !known.has(permission));
if (unknown.length > 0) throw new Error(`no role of Google has ${unknown.join(', ')}`);

const relevant = new Set([...own, ...Object.values(NEEDED).flatMap(({ read, make }) => [read, make])]);
const facts: IamFacts = {
  source: `github.com/iann0036/iam-dataset ${git('rev-parse', 'HEAD').trim()}, ${git('log', '-1', '--format=%cs').trim()}`,
  permissions: own,
  roles: Object.fromEntries(
    roles.map((role) => [role, permissionsOf(role).filter((permission) => relevant.has(permission))]),
  ),
};
writeFileSync(IAM_FILE, `${JSON.stringify(facts).replace(/("roles\/)/g, '\n$1')}\n`);
console.log(`written ${IAM_FILE}`);
