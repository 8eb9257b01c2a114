/** The parts of https://developer.hashicorp.com/terraform/internals/json-format that are read here. */
export interface PlanJson {
  variables?: Record<string, { value?: unknown }>;
  resource_changes?: ResourceChange[];
  configuration?: { root_module?: ModuleJson };
}

interface ModuleJson {
  resources?: { address: string; provisioners?: { type: string }[] }[];
  module_calls?: Record<string, { module?: ModuleJson }>;
}

export interface ResourceChange {
  address: string;
  mode: 'managed' | 'data';
  type: string;
  provider_name?: string;
  change: {
    actions: ('no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget')[];
    after: Values | null;
    /** `true` where a value is known after the apply. */
    after_unknown: Values;
  };
}

export type Values = Record<string, unknown>;

/** The blocks of one name, as a plan has them. */
export function blocks(values: Values | null, name: string): Values[] {
  const value = values?.[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

/** The first block of a path of names. */
export function block(values: Values | null, ...names: string[]): Values {
  return names.reduce<Values>((inner, name) => blocks(inner, name)[0] ?? {}, values ?? {});
}

/** Every provisioner of a configuration: it runs on the machine that applies, with the rights of who does. */
export function provisionersOf(root: ModuleJson | undefined): { address: string; type: string }[] {
  const own = (root?.resources ?? []).flatMap(({ address, provisioners = [] }) =>
    provisioners.map(({ type }) => ({ address, type })),
  );
  const called = Object.values(root?.module_calls ?? {}).flatMap(({ module }) => provisionersOf(module));
  return [...own, ...called];
}
