import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { isWritten } from "../../functions/shared/conditional-write";
import { printable } from "../../shared/printable";
import type { Image } from "../../functions/shared/image";
import { wholeNumberOf } from "../../functions/shared/stored-item";
import { CommandError } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";
import { drillLockId } from "../../functions/shared/reserved-items";
import { operatorName } from "../routing/audit";

/** What stands in the secondary's table while a drill runs. It has no origin, so it stays there. */
interface MarkItem {
  readonly id: string;
  readonly by: string;
  /** ISO 8601; tells the drill from every other. */
  readonly startedAt: string;
  /** Milliseconds since 1970. */
  readonly renewedAt: number;
}

/** Keeps a second drill away: two at once would break and mend under each other. */
export interface DrillMark {
  /** @throws CommandError when another drill runs. */
  set(startedAt: number): Promise<void>;
  /** Does nothing when it was not set. */
  remove(): Promise<void>;
}

/** A drill that lives says so this often, in milliseconds. */
const RENEW_MS = 20_000;
/** One that has not for so long has died, in milliseconds: operators' clocks differ. */
const DEAD_MS = 300_000;
/** The longest text of another drill's lock that is shown, in characters. */
const MAXIMUM_TEXT = 100;

/** The mark in a region's table. */
export function drillMark(
  client: Pick<DynamoDBDocumentClient, "send">,
  { code, table: TableName }: Pick<DeployedRegion, "code" | "table">,
  now: () => number = Date.now,
): DrillMark {
  const Key = { id: drillLockId(code) };
  let mine: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const put = (startedAt: string): Promise<boolean> => {
    const Item: MarkItem = { ...Key, by: operatorName(), startedAt, renewedAt: now() };
    return isWritten(
      client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: `attribute_not_exists(id) OR startedAt = :mine OR renewedAt < :dead OR ${UNREADABLE}`,
          ExpressionAttributeValues: {
            ":mine": startedAt,
            ":dead": now() - DEAD_MS,
            ":ahead": now() + DEAD_MS,
            ":string": "S",
            ":number": "N",
          },
        }),
      ),
    );
  };
  return {
    async set(startedAt) {
      const own = new Date(startedAt).toISOString();
      if (!(await put(own))) {
        const input = { TableName, Key: { id: { S: Key.id } }, ConsistentRead: true };
        throw new CommandError(otherDrill((await client.send(new GetItemCommand(input))).Item));
      }
      mine = own;
      // A renewal that fails is followed by another one; the region may be what is broken.
      timer = setInterval(() => void put(own).catch(() => undefined), RENEW_MS);
    },
    async remove() {
      clearInterval(timer);
      if (mine === undefined) return;
      const condition = {
        ConditionExpression: "startedAt = :mine",
        ExpressionAttributeValues: { ":mine": mine },
      };
      mine = undefined;
      await isWritten(client.send(new DeleteCommand({ TableName, Key, ...condition })));
    },
  };
}

/** An item that no drill can have written keeps no drill away; otherwise it would do so for ever. */
const UNREADABLE =
  "attribute_exists(origin) OR NOT attribute_type(startedAt, :string) OR NOT attribute_type(renewedAt, :number) " +
  "OR renewedAt > :ahead";

function otherDrill(item: Image | undefined): string {
  const renewedAt = wholeNumberOf(item?.renewedAt);
  if (!item || renewedAt === undefined) return "Another drill has just ended. Run this command again.";
  const [by, startedAt] = [item.by, item.startedAt].map((value) =>
    printable(value?.S ?? "unknown", MAXIMUM_TEXT),
  );
  const free = new Date(renewedAt + DEAD_MS).toISOString();
  return `Another drill is running: ${by}, since ${startedAt}. If it has crashed, a new drill can start at ${free}.`;
}
