/** How each method of a service is called over HTTP: the `google.api.http` rules in the protobuf description of the client. */

/** One way to call one method. https://github.com/googleapis/googleapis/blob/master/google/api/http.proto */
export interface HttpRule {
  /** `google.pubsub.v1.Publisher` */
  service: string;
  /** `CreateTopic` */
  method: string;
  requestType: string;
  responseType: string;
  requestStream: boolean;
  responseStream: boolean;
  verb: string;
  path: RegExp;
  /** Fields of the request that stand in the path, such as `topic.name`, one for each group of `path`. */
  variables: string[];
  /** The field that the body is; `*` when the body is the whole request; undefined without a body. */
  body: string | undefined;
}

interface MethodJson {
  requestType: string;
  responseType: string;
  requestStream?: boolean;
  responseStream?: boolean;
  parsedOptions?: Record<string, unknown>[];
}

interface NamespaceJson {
  nested?: Record<string, NamespaceJson>;
  methods?: Record<string, MethodJson>;
}

type Binding = Partial<Record<(typeof VERBS)[number] | 'body', string>> & {
  additional_bindings?: Binding | Binding[];
};

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The rules of these services. Those with a verb after a colon come first: `{id}` would match `id:verb` too. */
export function httpRulesOf(protoJson: object, services: readonly string[]): HttpRule[] {
  return services
    .flatMap((service) => rulesOfService(protoJson, service))
    .sort((left, right) => Number(hasVerb(right)) - Number(hasVerb(left)));
}

/** A field of the request that stands in its path. */
export type BoundField = [field: string, value: string];

/** The rule for a request, and what its path says; undefined when there is none. */
export function findRule(
  rules: readonly HttpRule[],
  { verb, path }: { verb: string; path: string },
  accepts: (bound: BoundField) => boolean = () => true,
): { rule: HttpRule; bound: BoundField[] } | undefined {
  for (const rule of rules) {
    const found = rule.verb === verb && rule.path.exec(path);
    if (!found) continue;
    const bound = rule.variables.map((field, index): BoundField => [field, decoded(found[index + 1] ?? '')]);
    if (bound.every(accepts)) return { rule, bound };
  }
  return undefined;
}

/** A slash that is escaped stays so: it is part of a segment. */
function decoded(path: string): string {
  return path
    .split(/(%2F)/i)
    .map((part, index) => (index % 2 === 1 ? part : decodeURIComponent(part)))
    .join('');
}

function rulesOfService(protoJson: object, service: string): HttpRule[] {
  const packageName = service.slice(0, service.lastIndexOf('.'));
  const found = service
    .split('.')
    .reduce<NamespaceJson | undefined>((namespace, part) => namespace?.nested?.[part], protoJson);
  return Object.entries(found?.methods ?? {}).flatMap(([method, description]) => {
    const fullName = (type: string) => (type.includes('.') ? type : `${packageName}.${type}`);
    const common = {
      service,
      method,
      requestType: fullName(description.requestType),
      responseType: fullName(description.responseType),
      requestStream: description.requestStream === true,
      responseStream: description.responseStream === true,
    };
    return bindingsOf(description).flatMap((binding) =>
      VERBS.flatMap((verb) => {
        const template = binding[verb];
        if (template === undefined) return [];
        return [{ ...common, verb: verb.toUpperCase(), body: binding.body, ...compile(template) }];
      }),
    );
  });
}

function bindingsOf({ parsedOptions = [] }: MethodJson): Binding[] {
  const rule = parsedOptions.find((option) => '(google.api.http)' in option)?.['(google.api.http)'];
  if (rule === undefined) return [];
  const first = rule as Binding;
  return [first, ...[first.additional_bindings ?? []].flat()];
}

/** A template such as `/v1/{topic=projects/P/topics/*}:publish`: `*` is one segment, `**` any number, `{name}` is `{name=*}`. */
function compile(template: string): { path: RegExp; variables: string[] } {
  const variables: string[] = [];
  const source = template.replace(
    /\{([^=}]+)(?:=([^}]+))?\}|\/?\*\*|\*|[^{*/]+|\//g,
    (part, variable: string | undefined, pattern = '*') => {
      if (variable === undefined) return segment(part);
      variables.push(variable);
      return `(${pattern.replace(/\/?\*\*|\*|[^*/]+|\//g, segment)})`;
    },
  );
  return { path: new RegExp(`^${source}$`), variables };
}

function segment(part: string): string {
  if (part === '/**') return '(?:/.*)?';
  if (part === '**') return '.*';
  return part === '*' ? '[^/]+' : part.replace(/[^\w/:]/g, '\\$&');
}

function hasVerb({ path }: HttpRule): boolean {
  return /:\w+\$$/.test(path.source);
}
