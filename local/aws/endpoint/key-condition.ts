import { objectOf, ServiceError } from "./aws-request";

/**
 * The value that a Query's key condition gives for the hash key, in DynamoDB's attribute form.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 * @throws ServiceError ValidationException when there is no equality on the hash key, which DynamoDB demands.
 */
export function hashKeyOfQuery(input: Readonly<Record<string, unknown>>, hashKey: string): unknown {
  const value =
    input.KeyConditions === undefined ? fromExpression(input, hashKey) : fromKeyConditions(input, hashKey);
  if (value !== undefined) return value;
  throw new ServiceError(
    400,
    "ValidationException",
    `Query condition missed key schema element: ${hashKey}; give it as "${hashKey} = :value".`,
  );
}

function fromExpression(input: Readonly<Record<string, unknown>>, hashKey: string): unknown {
  const names = objectOf(input.ExpressionAttributeNames ?? {});
  const values = objectOf(input.ExpressionAttributeValues ?? {});
  const equalities = String(input.KeyConditionExpression ?? "").matchAll(/(#?\w+)\s*=\s*(:\w+)/g);
  for (const [, name, placeholder] of equalities)
    if ((names[name] ?? name) === hashKey) return values[placeholder];
  return undefined;
}

/** KeyConditions is the form before expressions. */
function fromKeyConditions(input: Readonly<Record<string, unknown>>, hashKey: string): unknown {
  const condition = objectOf(objectOf(input.KeyConditions)[hashKey] ?? {});
  return condition.ComparisonOperator === "EQ" && Array.isArray(condition.AttributeValueList)
    ? condition.AttributeValueList[0]
    : undefined;
}
