/**
 * Issues: what is wrong in the user's manifest or data. Values, collected and reported all at once, never thrown.
 * A catalog is a table; one row is one kind of issue: its code, how grave it is, why it matters and its sentences.
 */

/** `error` refuses the run; `warning` and `advice` are reported and the run goes on. */
export const SEVERITIES = ['error', 'warning', 'advice'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where it is: the object, the 1-based line of it, the 1-based record where several may be on a line, and the path inside that line or manifest, such as `messages[2].author`. */
export interface IssueLocation {
  uri: string;
  line?: number | undefined;
  record?: number | undefined;
  path?: string | undefined;
}

/** The place of a key in the manifest, or of a member of its value. */
export type Locate = (key: string, member?: string) => IssueLocation;

/** The sentences a person reads: what was found, what was expected, what to do next. Never the content of an example. */
export interface IssueText {
  found: string;
  expected: string;
  remedy: string;
}

/** One row of a catalog. `why` is the paragraph of the documentation page and names its source. */
export interface IssueKind<Fields> {
  severity: Severity;
  title: string;
  why: string;
  text: (fields: Fields) => IssueText;
  /** Where only so many lines of a file are looked at. */
  firstLines?: number;
}

/** Any catalog: rows by stable snake_case code. */
export type IssueCatalog = Record<string, IssueKind<never>>;

type FieldsOf<Kind> = Kind extends IssueKind<infer Fields> ? Fields : never;

/** The union of the issues of a catalog, discriminated by `code`, each with the fields that its sentences need. */
export type IssueOf<Catalog extends IssueCatalog> = {
  [Code in keyof Catalog & string]: {
    code: Code;
    severity: Severity;
    at: IssueLocation;
    fields: FieldsOf<Catalog[Code]>;
  };
}[keyof Catalog & string];

/** Makes the constructor of a catalog's issues: `issue(code, at, fields, severity?)`; the severity defaults to the row's. */
export function issueFactory<const Catalog extends IssueCatalog>(catalog: Catalog) {
  return <Code extends keyof Catalog & string>(
    code: Code,
    at: IssueLocation,
    fields: FieldsOf<Catalog[Code]>,
    severity: Severity = (catalog[code] as IssueKind<never>).severity,
  ) => ({ code, severity, at, fields });
}
