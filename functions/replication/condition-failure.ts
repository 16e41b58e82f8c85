import type { Image } from "./stream-record";

/**
 * What is stored, when an error says that a put's condition did not hold; undefined for every other error. The put must
 * have asked for it with `ReturnValuesOnConditionCheckFailure`.
 * @throws Error when it has asked and the endpoint did not answer it.
 */
export function storedInstead(error: unknown): Image | undefined {
  if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") return undefined;
  const { Item } = error as { Item?: Image };
  if (Item) return Item;
  throw new Error(
    "A condition failed, but the endpoint did not tell what is stored. Use a DynamoDB that honours " +
      "ReturnValuesOnConditionCheckFailure, as AWS's does.",
  );
}
