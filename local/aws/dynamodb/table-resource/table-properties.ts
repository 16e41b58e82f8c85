const fieldsOf = (input: string, fields: readonly string[]): string[] =>
  fields.map((field) => `${input}.${field}`);

const INDEX = ["hashKey", "keySchemas", "name", "nonKeyAttributes", "projectionType", "rangeKey"];

/** Inputs of a table that change in place. */
export const UPDATABLE = [
  ...fieldsOf("attributes", ["name", "type"]),
  "billingMode",
  "deletionProtectionEnabled",
  ...fieldsOf("globalSecondaryIndexes", [...INDEX, "readCapacity", "writeCapacity"]),
  ...fieldsOf("pointInTimeRecovery", ["enabled", "recoveryPeriodInDays"]),
  "readCapacity",
  ...fieldsOf("serverSideEncryption", ["enabled", "kmsKeyArn"]),
  "streamEnabled",
  "streamViewType",
  "tableClass",
  "tags",
  ...fieldsOf("ttl", ["attributeName", "enabled"]),
  "writeCapacity",
];

/** Inputs of a table that replace it. */
export const REPLACING = {
  hashKey: "internal/service/dynamodb/table.go:267",
  "localSecondaryIndexes.name": "internal/service/dynamodb/table.go:347",
  "localSecondaryIndexes.nonKeyAttributes": "internal/service/dynamodb/table.go:352",
  "localSecondaryIndexes.projectionType": "internal/service/dynamodb/table.go:358",
  "localSecondaryIndexes.rangeKey": "internal/service/dynamodb/table.go:364",
  name: "internal/service/dynamodb/table.go:373",
  rangeKey: "internal/service/dynamodb/table.go:402",
};

/** Lists of a table without an order. */
export const UNORDERED = [
  "attributes",
  "globalSecondaryIndexes",
  "globalSecondaryIndexes.nonKeyAttributes",
  "localSecondaryIndexes",
];
