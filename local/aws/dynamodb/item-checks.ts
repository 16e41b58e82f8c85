import { createRequire } from "node:module";
import { type ApiError, validationError } from "./api-error";
import type { Item } from "./item";
import type { Json } from "./item";

interface Decimal {
  readonly c: readonly number[];
  readonly e: number;
}
// The version of big.js that dynalite uses, because dynalite parses the same numbers.
const Big = createRequire(require.resolve("dynalite/db"))("big.js") as new (text: string) => Decimal;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAXIMUM_DEPTH = 32;
const MAXIMUM_DIGITS = 38;
const MAXIMUM_EXPONENT = 125;
const MINIMUM_EXPONENT = -130;
const MAXIMUM_HASH_KEY_BYTES = 2048;
const MAXIMUM_RANGE_KEY_BYTES = 1024;

/**
 * Returns the error with which DynamoDB rejects an item, or undefined if it stores it. These are checks that dynalite
 * does not make, or makes only for the values of a request and not for the results of an update.
 * @param table definition of the table.
 */
export function findItemError(item: Item, table: Json): ApiError | undefined {
  for (const value of Object.values(item)) {
    const problem = findValueError(value, 0);
    if (problem) return validationError(problem);
  }
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])] as Json[];
  for (const index of indexes)
    for (const { AttributeName: name, KeyType } of index.KeySchema as {
      AttributeName: string;
      KeyType: string;
    }[]) {
      const problem = item[name] && findIndexKeyError(item[name], name, KeyType, index.IndexName);
      if (problem) return validationError(problem);
    }
  return undefined;
}

function findValueError(value: Json, depth: number): string | undefined {
  if (depth >= MAXIMUM_DEPTH) return "Nesting Levels have exceeded supported limits";
  if (value.N !== undefined) return findNumberError(value.N);
  const members = value.M ? Object.values(value.M as Item) : value.L ? (value.L as Json[]) : undefined;
  if (!members) return undefined;
  for (const member of members) {
    const problem = findValueError(member, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function findNumberError(text: string): string | undefined {
  const { c: digits, e: exponent } = new Big(text);
  if (exponent > MAXIMUM_EXPONENT)
    return "Number overflow. Attempting to store a number with magnitude larger than supported range";
  if (exponent < MINIMUM_EXPONENT)
    return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  if (digits.length > MAXIMUM_DIGITS)
    return "Attempting to store more than 38 significant digits in a Number";
  return undefined;
}

function findIndexKeyError(
  value: Json,
  name: string,
  keyType: string,
  indexName: string,
): string | undefined {
  const bytes =
    value.S !== undefined
      ? Buffer.from(value.S)
      : value.B !== undefined
        ? Buffer.from(value.B, "base64")
        : undefined;
  if (!bytes) return undefined;
  if (bytes.length === 0)
    return (
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
      `The AttributeValue for a key attribute cannot contain an empty ${value.S === undefined ? "binary" : "string"} value. ` +
      `IndexName: ${indexName}, IndexKey: ${name}`
    );
  if (keyType === "HASH" && bytes.length > MAXIMUM_HASH_KEY_BYTES)
    return "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes";
  if (keyType === "RANGE" && bytes.length > MAXIMUM_RANGE_KEY_BYTES)
    return "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
  return undefined;
}
