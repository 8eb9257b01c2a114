import deployed from '../../terraform/deployed.json' with { type: 'json' };

/** What a binding is on. */
export type ResourceKind =
  | 'project'
  | 'bucket'
  | 'topic'
  | 'subscription'
  | 'account'
  | 'key'
  | 'service'
  | 'repository';

/** What only some deployments have: a key of their own, Google's agents of tuning Gemini and open models. */
export type OptionalPart = 'key' | 'tuning' | 'open_tuning';

export interface Condition {
  title: string;
  expression: string;
}

/** A role that Terraform gives. */
export interface Right {
  kind: ResourceKind;
  /** Name of the resource, as its commands take it. */
  on: string;
  role: string;
  /** `serviceAccount:…` */
  member: string;
  condition?: Condition;
  part?: OptionalPart;
}

/** The names of one deployment, which the table has in braces. */
export interface Names {
  project: string;
  /** Of the project. */
  number: string;
  region: string;
  inbox: string;
  results: string;
  database: string;
  /** Full name of the key that the buckets are encrypted with; empty where it is Google's. */
  key: string;
}

/** What `terraform apply` leaves in a project of these names. */
export interface Deployed {
  apis: { api: string; part?: OptionalPart }[];
  /** What each account is for, by its id. */
  accounts: Record<string, string>;
  /** Permissions of our own roles, by their ids. */
  roles: Record<string, string[]>;
  bindings: Right[];
}

export function deployedIn(names: Names): Deployed {
  const places: Record<string, string> = { ...names, prefix: names.inbox.replace(/-inbox$/, '') };
  const text = JSON.stringify(deployed).replaceAll(
    /\{(\w+)\}/g,
    (place, name: string) => places[name] ?? place,
  );
  return JSON.parse(text) as Deployed;
}
