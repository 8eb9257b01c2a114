import type { Deployed, Names, OptionalPart, Right } from './deployed.ts';
import type { Finding, Health } from './findings.ts';
import type { GoogleAnswer, Policy } from './google.ts';
import { APPLY, grantCommand, NUMBER_IN_SHELL, RESOURCES, showPolicyCommand } from './resources.ts';

/** What could be read of who may do what. */
export interface RightsFacts {
  /** Policies by `kind name`, as `policyKey` writes it. */
  policies: ReadonlyMap<string, GoogleAnswer<Policy>>;
  /** Policies of the folders and the organisation above the project, by their names; not seen where even those could not be read. */
  above: GoogleAnswer<Record<string, GoogleAnswer<Policy>>>;
  /** Permissions of our own roles, by their ids. */
  roles: ReadonlyMap<string, GoogleAnswer<string[]>>;
}

export const policyKey = ({ kind, on }: Pick<Right, 'kind' | 'on'>) => `${kind} ${on}`;

/** Agents that Google makes with the first job of their kind; nobody else can see whether they are there. */
const LATE_AGENTS: Readonly<Partial<Record<OptionalPart, string>>> = {
  tuning: 'tuning Gemini models',
  open_tuning: 'tuning open models',
};

/** Roles that hold every permission that a deployment needs, or nearly so. */
const BASIC_ROLES = ['roles/owner', 'roles/editor'];

export interface RightsHeld {
  deployed: Deployed;
  rights: RightsFacts;
  names: Names;
}

/** Who may do what, held against what Terraform gives. */
export function rightsFindings({
  deployed: { bindings, accounts, roles },
  rights: facts,
  names,
}: RightsHeld): Finding[] {
  const wanted = bindings.filter(({ part }) => part !== 'key' || names.key !== '');
  const late = Object.keys(LATE_AGENTS) as OptionalPart[];
  const absentAgents = late.filter((part) =>
    wanted.filter((right) => right.part === part).every((right) => healthOf(right, facts).health !== 'ok'),
  );
  const looked = wanted.filter(({ part }) => part === undefined || !absentAgents.includes(part));
  const resources = Map.groupBy(looked, policyKey);
  const given = looked.filter((one) => healthOf(one, facts).health === 'ok');
  const places = new Set(given.map(policyKey)).size;
  return [
    ...(given.length > 0 ? [right('ok', `${given.length} roles on ${places} resources are given.`)] : []),
    ...[...resources.values()].flatMap((rights) => resourceFindings(rights, { facts, names, accounts })),
    ...absentAgents.map((part) => absentAgent(part)),
    ...Object.entries(roles).flatMap(([id, permissions]) => roleFindings(id, permissions, { facts, names })),
  ];
}

interface Around {
  facts: RightsFacts;
  names: Names;
  accounts: Deployed['accounts'];
}

/** What the rights on one resource lack. */
function resourceFindings(rights: readonly Right[], { facts, names, accounts }: Around): Finding[] {
  const [first] = rights;
  if (first === undefined) return [];
  const { called, make } = RESOURCES[first.kind];
  const what = called(first.on);
  const policy = facts.policies.get(policyKey(first));
  if (policy === undefined || policy.kind === 'refused')
    return [
      right(
        'not seen',
        `Who may do what on the ${what} could not be read: ${policy?.why ?? 'it was not asked'}`,
        showPolicyCommand(first, names),
      ),
    ];
  if (policy.kind === 'absent') {
    const purpose = accounts[first.on.split('@')[0] ?? ''] ?? '';
    return [right('missing', `There is no ${what}.`, make?.(first.on, names, purpose) ?? APPLY)];
  }
  return rights
    .map((one) => ({ one, ...healthOf(one, facts) }))
    .filter(({ health }) => health !== 'ok')
    .map(({ one, health, why }) => right(health, `${sentenceOf(one)}${why}.`, grantCommand(one, names)));
}

function sentenceOf({ kind, on, role, member, condition }: Right): string {
  const where = RESOURCES[kind].called(on);
  const only = condition === undefined ? '' : ` (${condition.title})`;
  const who = member.replace('serviceAccount:', '').replace(NUMBER_IN_SHELL, 'NUMBER');
  return `${who} has no ${role}${only} on the ${where}`;
}

/** Whether a right is given: on its resource, the project, or what is above it; `why` goes on with the sentence that it is not. */
function healthOf(wanted: Right, facts: RightsFacts): { health: Health; why: string } {
  const policies = policiesFor(wanted, facts);
  const seen = policies.flatMap(({ answer }) => (answer.kind === 'seen' ? [answer.value] : []));
  const bindings = seen.flatMap((policy) => policy.bindings ?? []);
  const ofRole = bindings.filter(({ role }) => role === wanted.role);
  if (
    ofRole.some(
      ({ members = [], condition }) =>
        members.some((member) => isSame(member, wanted.member)) && covers(condition, wanted),
    )
  )
    return { health: 'ok', why: '' };
  const group = bindings
    .filter(({ role }) => role === wanted.role || BASIC_ROLES.includes(role))
    .flatMap(({ members = [], role }) => members.filter(isGroup).map((member) => `${member} has ${role}`))[0];
  if (group) return { health: 'not seen', why: ` by itself; ${group}, and who is in it is not seen` };
  const basic = bindings.find(
    ({ role, members = [] }) => BASIC_ROLES.includes(role) && members.includes(wanted.member),
  );
  if (basic) return { health: 'not seen', why: `; it has ${basic.role}, which may hold it` };
  const unseen = policies.filter(({ answer }) => answer.kind === 'refused').map(({ name }) => name);
  if (unseen.length > 0)
    return { health: 'not seen', why: `; what ${unseen.join(' and ')} may give it could not be read` };
  return { health: 'missing', why: '' };
}

/** Its own policy first, then those that it inherits from. */
function policiesFor(wanted: Right, { policies, above }: RightsFacts) {
  const own = [...policies]
    .filter(([key]) => key === policyKey(wanted) || key.startsWith('project '))
    .map(([name, answer]) => ({ name: `the ${name}`, answer }));
  if (above.kind !== 'seen')
    return [
      ...own,
      { name: 'a folder or an organisation', answer: { kind: 'refused', why: '' } as GoogleAnswer<Policy> },
    ];
  return [...own, ...Object.entries(above.value).map(([name, answer]) => ({ name, answer }))];
}

/** A role without a condition holds everywhere; another condition than Terraform's is not taken for it. */
function covers(condition: { expression?: string } | undefined, wanted: Right): boolean {
  return condition === undefined || isSame(condition.expression, wanted.condition?.expression);
}

/** Where the number of the project could not be read, any number is the one that is meant. */
function isSame(found: string | undefined, wanted: string | undefined): boolean {
  const [before = '', after] = wanted?.split(NUMBER_IN_SHELL) ?? [];
  if (after === undefined) return found === wanted;
  if (!found?.startsWith(before) || !found.endsWith(after)) return false;
  return /^\d+$/.test(found.slice(before.length, found.length - after.length));
}

/** Members that stand for others: cloud.google.com/iam/docs/principal-identifiers */
const isGroup = (member: string) => /^(?:group|domain|principalSet):/.test(member);

function absentAgent(part: OptionalPart): Finding {
  return right(
    'not seen',
    `Google’s agent for ${LATE_AGENTS[part]} has no right here. Google makes it with the project’s first job of that kind; where it is there, name it in tuning_agents.`,
    `${APPLY} -var 'tuning_agents=["${part}"]'`,
  );
}

function roleFindings(
  id: string,
  permissions: readonly string[],
  { facts, names: { project } }: Pick<Around, 'facts' | 'names'>,
): Finding[] {
  const role = facts.roles.get(id);
  const list = permissions.join(',');
  if (role === undefined || role.kind === 'refused')
    return [
      right(
        'not seen',
        `What the role ${id} holds could not be read: ${role?.why ?? 'it was not asked'}`,
        `gcloud iam roles describe ${id} --project=${project}`,
      ),
    ];
  if (role.kind === 'absent')
    return [
      right(
        'missing',
        `There is no role ${id}.`,
        `gcloud iam roles create ${id} --project=${project} --permissions=${list}`,
      ),
    ];
  const lacking = permissions.filter((permission) => !role.value.includes(permission));
  if (lacking.length === 0) return [];
  return [
    right(
      'missing',
      `The role ${id} lacks ${lacking.join(', ')}.`,
      `gcloud iam roles update ${id} --project=${project} --add-permissions=${lacking.join(',')}`,
    ),
  ];
}

const right = (health: Health, says: string, command?: string): Finding => ({
  subject: 'Rights',
  health,
  says,
  command,
});
