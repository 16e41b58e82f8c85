import { errorName, isApiError, validationError } from "./api-error";
import type { DatabaseContext } from "./database-context";
import { checkRequest, runAction } from "./dynalite";
import type { Json, Item } from "./item";

/** Operations that write one item. */
export type ItemWrite = "PutItem" | "UpdateItem" | "DeleteItem";

/** Runs a write outside a transaction and records it in the stream. @throws an error with `statusCode` and `body`. */
export async function writeItems(
  context: DatabaseContext,
  operation: ItemWrite | "BatchWriteItem",
  request: Json,
): Promise<Json> {
  const showsItem = returnsItemOnFailure(request);
  const view = context.view();
  const data = checkRequest(operation, request, view);
  return context.writes.run(async () => {
    const result = await runAction(operation, view, data).catch((error: unknown) => {
      throw showsItem ? addItem(error, view.lastRead) : error;
    });
    await context.commit([view]);
    return result;
  });
}

/**
 * Returns whether the error of a failed condition includes the item (`ReturnValuesOnConditionCheckFailure`).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export function returnsItemOnFailure(request: Json): boolean {
  const value = request.ReturnValuesOnConditionCheckFailure ?? "NONE";
  if (value === "ALL_OLD" || value === "NONE") return value === "ALL_OLD";
  throw validationError(
    `1 validation error detected: Value '${value}' at 'returnValuesOnConditionCheckFailure' failed to satisfy ` +
      "constraint: Member must satisfy enum value set: [ALL_OLD, NONE]",
  );
}

function addItem(error: unknown, item: Item | undefined): unknown {
  if (item && isApiError(error) && errorName(error) === "ConditionalCheckFailedException")
    error.body = { ...error.body, Item: item };
  return error;
}
