import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { CommandError } from "../../../command-line/command-error";
import { isWritten } from "../../../functions/shared/conditional-write";
import type { Image } from "../../../functions/shared/image";
import { drillLockId } from "../../../functions/shared/reserved-items";
import { wholeNumberOf } from "../../../functions/shared/stored-item";
import { printable } from "../../../shared/printable";
import type { DeployedRegion } from "../../cli/deployed-regions";
import { operatorName } from "../../routing/operator";

/** Item in the secondary's table while a drill runs. It has no origin, so it does not replicate. */
interface LockItem {
  readonly id: string;
  readonly by: string;
  /** ISO 8601. Identifies the drill. */
  readonly startedAt: string;
  /** Milliseconds since 1970. */
  readonly renewedAt: number;
}

/** Lock that prevents a second drill at the same time, which would break and repair the same regions. */
export interface DrillLock {
  /** Acquires the lock and renews it. @throws CommandError when another drill holds it. */
  acquire(startedAt: number): Promise<void>;
  /** Does nothing when the lock is not held. */
  release(): Promise<void>;
}

/** Interval at which a running drill renews its lock, in milliseconds. */
const RENEW_MS = 20_000;
/** Time without renewal after which a lock is expired, in milliseconds. Leaves room for differences between operators' clocks. */
const EXPIRED_MS = 300_000;
/** Maximum length of a printed text of another drill's lock, in characters. */
const MAXIMUM_TEXT = 100;

/** Returns the lock in a region's table. */
export function drillLock(
  client: Pick<DynamoDBDocumentClient, "send">,
  { code, table: TableName }: Pick<DeployedRegion, "code" | "table">,
  now: () => number = Date.now,
): DrillLock {
  const Key = { id: drillLockId(code) };
  let held: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const put = (startedAt: string): Promise<boolean> => {
    const Item: LockItem = { ...Key, by: operatorName(), startedAt, renewedAt: now() };
    return isWritten(
      client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: `attribute_not_exists(id) OR startedAt = :held OR renewedAt < :expired OR ${UNREADABLE}`,
          ExpressionAttributeValues: {
            ":held": startedAt,
            ":expired": now() - EXPIRED_MS,
            ":ahead": now() + EXPIRED_MS,
            ":string": "S",
            ":number": "N",
          },
        }),
      ),
    );
  };
  return {
    async acquire(startedAt) {
      const own = new Date(startedAt).toISOString();
      if (!(await put(own))) {
        const input = { TableName, Key: { id: { S: Key.id } }, ConsistentRead: true };
        throw new CommandError(otherDrill((await client.send(new GetItemCommand(input))).Item));
      }
      held = own;
      // A failed renewal is retried at the next interval: the drill may have broken the region.
      timer = setInterval(() => void put(own).catch(() => undefined), RENEW_MS);
    },
    async release() {
      clearInterval(timer);
      if (held === undefined) return;
      const condition = {
        ConditionExpression: "startedAt = :held",
        ExpressionAttributeValues: { ":held": held },
      };
      held = undefined;
      await isWritten(client.send(new DeleteCommand({ TableName, Key, ...condition })));
    },
  };
}

/** Condition for an item that no drill can have written. It must not block drills forever. */
const UNREADABLE =
  "attribute_exists(origin) OR NOT attribute_type(startedAt, :string) OR NOT attribute_type(renewedAt, :number) " +
  "OR renewedAt > :ahead";

function otherDrill(item: Image | undefined): string {
  const renewedAt = wholeNumberOf(item?.renewedAt);
  if (!item || renewedAt === undefined) return "Another drill has just ended. Run this command again.";
  const [by, startedAt] = [item.by, item.startedAt].map((value) =>
    printable(value?.S ?? "unknown", MAXIMUM_TEXT),
  );
  const free = new Date(renewedAt + EXPIRED_MS).toISOString();
  return `Another drill is running: ${by}, since ${startedAt}. If it has crashed, a new drill can start at ${free}.`;
}
