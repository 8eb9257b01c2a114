import { create, createFileRegistry, type FileRegistry } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';

/**
 * The message types of a protobuf description as Google's clients ship it (protobufjs' JSON), for a library that knows the JSON
 * form of messages. Names in that JSON are in camelCase; the descriptors have both spellings, and so both are read.
 */
export function messageTypesOf(protoJson: object): FileRegistry {
  const root = protobuf.Root.fromJSON(protoJson as protobuf.INamespace).resolveAll();
  return createFileRegistry(
    create(FileDescriptorSetSchema, { file: dependenciesFirst(packagesOf(root)).map(fileOf) }),
  );
}

/** The namespaces that hold types. */
function packagesOf(namespace: protobuf.NamespaceBase): protobuf.NamespaceBase[] {
  const inner = namespace.nestedArray.filter(isPackage).flatMap(packagesOf);
  return namespace.nestedArray.some(isType) ? [namespace, ...inner] : inner;
}

function isPackage(object: protobuf.ReflectionObject): object is protobuf.Namespace {
  return object.constructor === protobuf.Namespace;
}

function isType(object: protobuf.ReflectionObject): object is protobuf.Type | protobuf.Enum {
  return object instanceof protobuf.Type || object instanceof protobuf.Enum;
}

/** A registry takes a file only after the files that it refers to. */
function dependenciesFirst(packages: protobuf.NamespaceBase[]): protobuf.NamespaceBase[] {
  const ordered = new Set<protobuf.NamespaceBase>();
  const add = (one: protobuf.NamespaceBase, path: protobuf.NamespaceBase[]) => {
    if (ordered.has(one) || path.includes(one)) return;
    for (const needed of neededBy(one)) add(needed, [...path, one]);
    ordered.add(one);
  };
  for (const one of packages) add(one, []);
  return [...ordered];
}

function neededBy(namespace: protobuf.NamespaceBase): protobuf.NamespaceBase[] {
  return typesIn(namespace)
    .flatMap(fieldsOf)
    .flatMap(({ resolvedType }) => (resolvedType ? [packageOf(resolvedType)] : []));
}

function typesIn(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray
    .filter((one) => one instanceof protobuf.Type)
    .flatMap((type) => [type, ...typesIn(type)]);
}

/** Without the extensions of other packages, such as the rules for HTTP in the options of a method. */
function fieldsOf({ fieldsArray }: protobuf.Type): protobuf.Field[] {
  return fieldsArray.filter(({ declaringField }) => declaringField === null);
}

function packageOf(type: protobuf.ReflectionObject): protobuf.NamespaceBase {
  const { parent } = type;
  return parent instanceof protobuf.Type ? packageOf(parent) : (parent as protobuf.NamespaceBase);
}

function fileOf(namespace: protobuf.NamespaceBase) {
  const name = nameOf(namespace);
  return create(FileDescriptorProtoSchema, {
    name: `${name}.proto`,
    package: name,
    syntax: 'proto3',
    ...innerTypes(namespace),
  });
}

function innerTypes(namespace: protobuf.NamespaceBase) {
  const all = namespace.nestedArray;
  return {
    messageType: all.filter((one) => one instanceof protobuf.Type).map(messageOf),
    enumType: all.filter((one) => one instanceof protobuf.Enum).map(enumOf),
  };
}

function messageOf(type: protobuf.Type): DescriptorProto {
  const { messageType, enumType } = innerTypes(type);
  const fields = fieldsOf(type);
  const maps = fields.filter((field) => field instanceof protobuf.MapField);
  return create(DescriptorProtoSchema, {
    name: type.name,
    field: fields.map((field) => fieldOf(type, field)),
    oneofDecl: type.oneofsArray.map(({ name }) => ({ name })),
    nestedType: [...messageType, ...maps.map(mapEntryOf)],
    enumType,
  });
}

function enumOf({ name, values }: protobuf.Enum) {
  const value = Object.entries(values).map(([word, number]) => ({ name: word, number }));
  return create(EnumDescriptorProtoSchema, { name, value });
}

function fieldOf(type: protobuf.Type, field: protobuf.Field) {
  const kind =
    field instanceof protobuf.MapField
      ? { type: Type.MESSAGE, typeName: `${type.fullName}.${entryName(field)}` }
      : kindOf(field.type, field.resolvedType);
  const descriptor = create(FieldDescriptorProtoSchema, {
    name: toSnake(field.name),
    jsonName: field.name,
    number: field.id,
    label: field.repeated || field.map ? Label.REPEATED : Label.OPTIONAL,
    ...kind,
    proto3Optional: field.options?.proto3_optional === true,
  });
  if (field.partOf) descriptor.oneofIndex = type.oneofsArray.indexOf(field.partOf);
  return descriptor;
}

/** A map is a repeated message of keys and values on the wire. */
function mapEntryOf(field: protobuf.MapField): DescriptorProto {
  const part = (name: string, number: number, kind: ReturnType<typeof kindOf>) =>
    create(FieldDescriptorProtoSchema, { name, jsonName: name, number, label: Label.OPTIONAL, ...kind });
  return create(DescriptorProtoSchema, {
    name: entryName(field),
    options: { mapEntry: true },
    field: [
      part('key', 1, kindOf(field.keyType, null)),
      part('value', 2, kindOf(field.type, field.resolvedType)),
    ],
  });
}

function entryName({ name }: protobuf.MapField): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}Entry`;
}

function kindOf(type: string, resolved: protobuf.ReflectionObject | null) {
  if (!resolved) return { type: Type[type.toUpperCase() as keyof typeof Type] };
  return { type: resolved instanceof protobuf.Enum ? Type.ENUM : Type.MESSAGE, typeName: resolved.fullName };
}

function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
