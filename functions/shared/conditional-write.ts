import type { Image } from "./image";

/** Name of DynamoDB's error for a write whose condition was false. */
const CONDITION_FAILED = "ConditionalCheckFailedException";

/**
 * Returns true if a conditional write took effect, and false if its condition was false.
 * @throws every other error of the write.
 */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if ((error as Error).name === CONDITION_FAILED) return false;
    throw error;
  }
}

/**
 * Returns the stored item from the error of a put whose condition was false, and undefined for every other error. The put must
 * request the item with `ReturnValuesOnConditionCheckFailure`.
 * @throws Error if the endpoint did not return the item.
 */
export function storedInstead(error: unknown): Image | undefined {
  if (!(error instanceof Error) || error.name !== CONDITION_FAILED) return undefined;
  const { Item } = error as { Item?: Image };
  if (Item) return Item;
  throw new Error(
    "A conditional put failed, but the endpoint did not return the stored item. " +
      "Use a DynamoDB that supports ReturnValuesOnConditionCheckFailure.",
  );
}
