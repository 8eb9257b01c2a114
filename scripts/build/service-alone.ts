import protobuf, { type INamespace, type Namespace, type ReflectionObject } from 'protobufjs';

/** Messages and services as protobufjs keeps them in JSON. */
export interface Description {
  nested?: Record<string, object>;
}

/** Of a description, one service and the messages that its calls are made of: all that a client of this service encodes and decodes. */
export function serviceAlone({ nested = {} }: Description, service: string): Description {
  const root = protobuf.Root.fromJSON({ nested } as INamespace);
  root.resolveAll();
  const called = root.lookupService(service);
  const needed = new Set<ReflectionObject>([called]);
  const need = (object: ReflectionObject | null) => {
    if (object === null || needed.has(object)) return;
    needed.add(object);
    if (object instanceof protobuf.Type)
      for (const field of object.fieldsArray) need(field.resolve().resolvedType);
  };
  for (const method of called.methodsArray) {
    need(method.resolvedRequestType);
    need(method.resolvedResponseType);
  }
  return { nested: keptOf(root, nested, needed) };
}

function keptOf(
  parent: Namespace,
  nested: Record<string, object>,
  needed: ReadonlySet<ReflectionObject>,
): Record<string, object> {
  const kept: Record<string, object> = {};
  for (const [name, description] of Object.entries(nested)) {
    const object = parent.get(name);
    const { nested: within = {}, ...own }: Description = description;
    const inner = object instanceof protobuf.Namespace ? keptOf(object, within, needed) : {};
    const isNeeded = object !== null && needed.has(object);
    const hasInner = Object.keys(inner).length > 0;
    if (isNeeded && hasInner) kept[name] = { ...own, nested: inner };
    else if (isNeeded) kept[name] = own;
    else if (hasInner) kept[name] = { nested: inner };
  }
  return kept;
}
