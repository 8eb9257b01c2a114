type MaybeUndefined<T> = { [Key in keyof T]: undefined extends T[Key] ? Key : never }[keyof T];

/** The record without the members that are undefined: in a schema, what is not said is not there. */
export function withoutUndefined<const T extends object>(
  record: T,
): Omit<T, MaybeUndefined<T>> & { [Key in MaybeUndefined<T>]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
