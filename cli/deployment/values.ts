/** Values of Firestore as its JSON has them: firebase.google.com/docs/firestore/reference/rest/v1/Value. */
export type FirestoreValue =
  | { nullValue: null }
  | { booleanValue: boolean }
  | { integerValue: string | number }
  | { doubleValue: number | string }
  | { timestampValue: string }
  | { stringValue: string }
  | { bytesValue: string }
  | { referenceValue: string }
  | { geoPointValue: object }
  | { arrayValue: { values?: FirestoreValue[] } }
  | { mapValue: { fields?: Record<string, FirestoreValue> } };

/** The fields of a document as plain data. */
export function plainFields(fields: Record<string, FirestoreValue> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
}

function plain(value: FirestoreValue): unknown {
  if ('nullValue' in value) return null;
  if ('mapValue' in value) return plainFields(value.mapValue.fields);
  if ('arrayValue' in value) return (value.arrayValue.values ?? []).map(plain);
  if ('integerValue' in value) return Number(value.integerValue);
  // NaN and the infinities are texts.
  if ('doubleValue' in value) return Number(value.doubleValue);
  return Object.values(value)[0];
}
