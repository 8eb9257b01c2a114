/**
 * The messages of google.firestore.v1 that this server reads and writes, as the gRPC layer decodes them:
 * a oneof carries the name of its set member, int64 is a string, and whatever holds its default is absent.
 * Source: googleapis/googleapis google/firestore/v1/{document,write,query,firestore}.proto.
 */

export interface Timestamp {
  seconds?: string;
  nanos?: number;
}

export type Fields = Record<string, Value>;

export type Value =
  | { valueType: 'nullValue'; nullValue: 'NULL_VALUE' }
  | { valueType: 'booleanValue'; booleanValue: boolean }
  | { valueType: 'integerValue'; integerValue: string }
  | { valueType: 'doubleValue'; doubleValue: number }
  | { valueType: 'timestampValue'; timestampValue: Timestamp }
  | { valueType: 'stringValue'; stringValue: string }
  | { valueType: 'bytesValue'; bytesValue: Buffer }
  | { valueType: 'referenceValue'; referenceValue: string }
  | { valueType: 'geoPointValue'; geoPointValue: { latitude?: number; longitude?: number } }
  | { valueType: 'arrayValue'; arrayValue: { values?: Value[] } }
  | { valueType: 'mapValue'; mapValue: { fields?: Fields } };

export interface DocumentMessage {
  name: string;
  fields?: Fields;
  createTime?: Timestamp;
  updateTime?: Timestamp;
}

export interface DocumentMask {
  fieldPaths?: string[];
}

export type Precondition =
  | { conditionType: 'exists'; exists: boolean }
  | { conditionType: 'updateTime'; updateTime: Timestamp };

export type FieldTransform = { fieldPath: string } & (
  | { transformType: 'setToServerValue'; setToServerValue: string }
  | { transformType: 'increment'; increment: Value }
  | { transformType: 'maximum'; maximum: Value }
  | { transformType: 'minimum'; minimum: Value }
  | { transformType: 'appendMissingElements'; appendMissingElements: { values?: Value[] } }
  | { transformType: 'removeAllFromArray'; removeAllFromArray: { values?: Value[] } }
);

export type Write = {
  updateMask?: DocumentMask | undefined;
  updateTransforms?: FieldTransform[];
  currentDocument?: Precondition | undefined;
} & (
  | { operation: 'update'; update: DocumentMessage }
  | { operation: 'delete'; delete: string }
  | { operation: 'transform'; transform: { document: string; fieldTransforms?: FieldTransform[] } }
);

export interface WriteResult {
  updateTime?: Timestamp;
  transformResults?: Value[];
}

export interface FieldReference {
  fieldPath: string;
}

export type FieldOperator =
  | 'LESS_THAN'
  | 'LESS_THAN_OR_EQUAL'
  | 'GREATER_THAN'
  | 'GREATER_THAN_OR_EQUAL'
  | 'EQUAL'
  | 'NOT_EQUAL'
  | 'ARRAY_CONTAINS'
  | 'IN'
  | 'ARRAY_CONTAINS_ANY'
  | 'NOT_IN';

export type UnaryOperator = 'IS_NAN' | 'IS_NULL' | 'IS_NOT_NAN' | 'IS_NOT_NULL';

export interface FieldFilter {
  field: FieldReference;
  op: FieldOperator;
  value: Value;
}

export interface UnaryFilter {
  field: FieldReference;
  op: UnaryOperator;
}

export type Filter =
  | { filterType: 'compositeFilter'; compositeFilter: { op: 'AND' | 'OR'; filters?: Filter[] } }
  | { filterType: 'fieldFilter'; fieldFilter: FieldFilter }
  | { filterType: 'unaryFilter'; unaryFilter: UnaryFilter };

export type Direction = 'ASCENDING' | 'DESCENDING';

export interface Cursor {
  values?: Value[];
  before?: boolean;
}

export interface StructuredQuery {
  select?: { fields?: FieldReference[] };
  from?: { collectionId?: string; allDescendants?: boolean }[];
  where?: Filter;
  orderBy?: { field: FieldReference; direction?: Direction }[];
  startAt?: Cursor | undefined;
  endAt?: Cursor;
  offset?: number;
  limit?: { value?: number } | undefined;
  findNearest?: object;
}

export type Aggregation = { alias?: string } & (
  | { operator: 'count'; count: { upTo?: { value?: string } } }
  | { operator: 'sum'; sum: { field: FieldReference } }
  | { operator: 'avg'; avg: { field: FieldReference } }
);

export interface TransactionOptions {
  readOnly?: { readTime?: Timestamp };
  readWrite?: { retryTransaction?: Buffer };
}

/** The ways in which every read names its point of consistency; at most one is set. */
export interface Consistency {
  transaction?: Buffer;
  newTransaction?: TransactionOptions;
  readTime?: Timestamp;
}
