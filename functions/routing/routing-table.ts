import type * as documents from "@aws-sdk/lib-dynamodb";
import { routingId } from "./routing-id";
import { changedItem, RoutingEvent, RoutingItem, revisionOf } from "./routing-item";
import { isWritten } from "../conditional-write";

/** The document flavour of DynamoDB's module and a client of it. */
export interface DocumentDatabase {
  readonly commands: Pick<typeof documents, "GetCommand" | "PutCommand">;
  readonly client: Pick<documents.DynamoDBDocumentClient, "send">;
}

/** A region's routing item in its table. */
export interface RoutingTable {
  /** Read consistently; undefined before the first change. */
  read(): Promise<RoutingItem | undefined>;
  /**
   * Writes the item if its stored revision still is the one before.
   * @returns false when another change came first; nothing is written then.
   */
  write(item: RoutingItem): Promise<boolean>;
}

/** The routing item of a region. @param region AWS code. */
export function routingTable(
  { commands, client }: DocumentDatabase,
  TableName: string,
  region: string,
): RoutingTable {
  const Key = { id: routingId(region) };
  return {
    async read() {
      const { Item } = await client.send(new commands.GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item as RoutingItem | undefined;
    },
    async write(Item) {
      const condition = {
        ConditionExpression: "attribute_not_exists(id) OR revision = :before",
        ExpressionAttributeValues: { ":before": Item.revision - 1 },
      };
      return isWritten(client.send(new commands.PutCommand({ TableName, Item, ...condition })));
    },
  };
}

/** Changes that another one comes before are judged anew so often. */
const MAXIMUM_ATTEMPTS = 10;

/**
 * Changes a region's takeover, so that of two changes at the same time neither is lost: the second is judged anew.
 * @param region AWS code.
 * @param judge says which change it is, seeing what is stored; undefined for none.
 * @returns what is stored now, and whether this call changed it.
 * @throws Error when other changes come first again and again.
 */
export async function changeRouting(
  table: RoutingTable,
  region: string,
  judge: (current: RoutingItem | undefined) => RoutingEvent | undefined,
): Promise<{ readonly item: RoutingItem | undefined; readonly changed: boolean }> {
  let tried: RoutingEvent | undefined;
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
    const current = await table.read();
    // The SDK repeats a write whose answer was lost, and the repetition meets what the first one wrote.
    if (current?.events.some((event) => isSame(event, tried))) return { item: current, changed: true };
    const event = judge(current);
    if (!event) return { item: current, changed: false };
    const item = changedItem(region, current, event);
    if (await table.write(item)) return { item, changed: true };
    tried = item.events.at(-1);
  }
  throw new Error(`The routing item of ${region} was changed by others ${MAXIMUM_ATTEMPTS} times in a row.`);
}

function isSame(one: RoutingEvent, other: RoutingEvent | undefined): boolean {
  const { what, by, at, reason } = one;
  return what === other?.what && by === other.by && at === other.at && reason === other.reason;
}

/** The change to taking over; none when that has been done. */
export function takeOver(
  current: RoutingItem | undefined,
  event: Omit<RoutingEvent, "what">,
): RoutingEvent | undefined {
  return current?.takeover ? undefined : { what: "takeover", ...event };
}

/**
 * The change back; none when nothing was taken over, or it is not the takeover any more that the gates were checked for.
 * @param revision of the takeover that is to end.
 */
export function failBack(
  current: RoutingItem | undefined,
  revision: number,
  event: Omit<RoutingEvent, "what"> & { readonly what: "failback" | "forced failback" },
): RoutingEvent | undefined {
  return current?.takeover && revisionOf(current) === revision ? event : undefined;
}
