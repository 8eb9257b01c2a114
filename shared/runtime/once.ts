/** Makes a value at the first call and keeps it: clients are built once per instance, and only when an event comes. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
