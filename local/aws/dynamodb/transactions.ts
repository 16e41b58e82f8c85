import { createHash } from "node:crypto";
import { errorName, isApiError, serviceError, validationError } from "./api-error";
import type { DatabaseContext } from "./database-context";
import { checkRequest, runAction } from "./dynalite";
import type { Json, Item } from "./item";
import { returnsItemOnFailure } from "./item-writes";
import type { StoreView } from "./store-view";
import { findItemError } from "./item-checks";

const MAXIMUM_ACTIONS = 100;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#DDB-TransactWriteItems-request-ClientRequestToken */
const TOKEN_LIFE_MS = 10 * 60 * 1000;
const OPERATIONS = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  // A check runs as a delete that is not committed.
  ConditionCheck: "DeleteItem",
} as const;

interface Action {
  readonly kind: keyof typeof OPERATIONS;
  readonly view: StoreView;
  readonly data: Json;
  readonly showsItem: boolean;
}
interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/** TransactWriteItems and TransactGetItems, which dynalite does not implement. */
export class Transactions {
  private readonly tokens = new Map<string, { readonly digest: string; readonly at: number }>();

  constructor(private readonly context: DatabaseContext) {}

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
  write = async (request: Json): Promise<Json> => {
    const actions = checkCount(request).map((entry) => this.prepare(entry));
    rejectRepeatedItems(actions);
    return this.context.writes.run(async () => {
      if (this.wasCommitted(request)) return {};
      const reasons: Reason[] = [];
      for (const action of actions) reasons.push(await attempt(action));
      if (reasons.some(({ Code }) => Code !== "None")) throw cancellationError(reasons);
      const views = actions.filter(({ kind }) => kind !== "ConditionCheck").map(({ view }) => view);
      // "Transactional write requests require two write capacity units":
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
      await this.context.commit(views, { tableFactor: 2 }).catch((error: unknown) => {
        if (!isApiError(error) || errorName(error) !== "ThrottlingException") throw error;
        throw cancellationError(actions.map(() => ({ Code: "ThrottlingError", Message: error.message })));
      });
      this.rememberToken(request);
      return {};
    });
  };

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
  get = async (request: Json): Promise<Json> => {
    const gets = checkCount(request).map((entry) => {
      if (!entry?.Get) throw validationError("Each of TransactItems requires a Get");
      const view = this.context.view();
      return { view, data: checkRequest("GetItem", entry.Get, view) };
    });
    // Serialized with the writes, so that the reads see no partial transaction.
    return this.context.writes.run(async () => {
      const results = await Promise.all(gets.map(({ view, data }) => runAction("GetItem", view, data)));
      return { Responses: results.map(({ Item: item }) => (item ? { Item: item } : {})) };
    });
  };

  private prepare(entry: Json): Action {
    const kinds = Object.keys(OPERATIONS).filter((kind) => entry?.[kind]) as (keyof typeof OPERATIONS)[];
    if (kinds.length !== 1)
      throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
    const [kind] = kinds;
    const operation = entry[kind] as Json;
    if (kind === "ConditionCheck" && operation.ConditionExpression === undefined)
      throw validationError("A ConditionCheck requires a ConditionExpression");
    const view = this.context.view();
    view.table(String(operation.TableName));
    const data = checkRequest(OPERATIONS[kind], operation, view);
    const error = data.Item && findItemError(data.Item as Item, view.table(data.TableName));
    if (error) throw error;
    return { kind, view, data, showsItem: returnsItemOnFailure(operation) };
  }

  private wasCommitted(request: Json): boolean {
    const known = this.tokens.get(request.ClientRequestToken);
    if (!known || this.context.now() - known.at > TOKEN_LIFE_MS) return false;
    if (known.digest === digestOf(request)) return true;
    throw serviceError(
      "IdempotentParameterMismatchException",
      "The ClientRequestToken was already used with other parameters.",
    );
  }

  private rememberToken(request: Json): void {
    if (request.ClientRequestToken === undefined) return;
    const at = this.context.now();
    for (const [token, known] of this.tokens) {
      if (at - known.at <= TOKEN_LIFE_MS) break;
      this.tokens.delete(token);
    }
    this.tokens.set(request.ClientRequestToken, { digest: digestOf(request), at });
  }
}

async function attempt({ kind, view, data, showsItem }: Action): Promise<Reason> {
  try {
    await runAction(OPERATIONS[kind], view, data);
    return { Code: "None" };
  } catch (error) {
    if (!isApiError(error)) throw error;
    if (errorName(error) === "ConditionalCheckFailedException")
      return {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        ...(showsItem && view.lastRead ? { Item: view.lastRead } : {}),
      };
    if (errorName(error) === "ValidationException")
      return { Code: "ValidationError", Message: error.message };
    throw error;
  }
}

function cancellationError(reasons: readonly Reason[]): Error {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return serviceError("TransactionCanceledException", message, {
    Message: message,
    CancellationReasons: reasons,
  });
}

function rejectRepeatedItems(actions: readonly Action[]): void {
  const items = actions.map(({ view, data }) => {
    const keys = view.table(data.TableName).KeySchema as { AttributeName: string }[];
    const attributes = (data.Item ?? data.Key) as Item;
    return JSON.stringify([data.TableName, ...keys.map(({ AttributeName }) => attributes[AttributeName])]);
  });
  if (new Set(items).size < items.length)
    throw validationError("Transaction request cannot include multiple operations on one item");
}

function checkCount(request: Json): Json[] {
  const items = request.TransactItems;
  if (Array.isArray(items) && items.length >= 1 && items.length <= MAXIMUM_ACTIONS) return items as Json[];
  throw validationError(`TransactItems must be a list of 1 to ${MAXIMUM_ACTIONS} actions`);
}

function digestOf(request: Json): string {
  return createHash("sha256").update(JSON.stringify(request.TransactItems)).digest("base64");
}
