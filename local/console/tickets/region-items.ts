import {
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import type { Image } from "../../../functions/shared/image";
import { ALL_SHARDS, STATUS_SHARD_INDEX, statusShard } from "../../../functions/tickets/list-indexes";
import { STATUSES } from "../../../functions/tickets/ticket-attributes";

/** Ticket in the listing index of a region. */
interface IndexEntry {
  readonly id: string;
  /** Sort key of the index: time of creation and id. */
  readonly sortKey: string;
}

/** Part of a scan for tombstones. */
interface ScannedPart {
  readonly ids: readonly string[];
  /** Id after which the scan continues; undefined at the end of the table. */
  readonly next: string | undefined;
}

/** Items of the ticket table of one region. Each method rejects when the region does not respond. */
export interface RegionItems {
  /** Region alias. */
  readonly name: string;
  /** AWS code of the region. */
  readonly code: string;
  /** Returns live tickets, newest first. @param before upper bound (exclusive) of the sort key; undefined for the newest. */
  newest(before: string | undefined, limit: number): Promise<readonly IndexEntry[]>;
  /** Returns tombstones in the order of the table. Reads a bounded part of it, so that it can return few of them and a `next`. */
  deleted(after: string | undefined, limit: number): Promise<ScannedPart>;
  /** Returns whole items by id, read consistently. */
  get(ids: readonly string[]): Promise<ReadonlyMap<string, Image>>;
}

/** Maximum number of keys in a batch: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH = 100;
/** Number of items that one call of a scan reads, and of calls for one part. */
const [SCANNED_ITEMS, SCAN_CALLS] = [250, 8];
const BATCH_ATTEMPTS = 20;

/** Opens the table of a region. */
export function regionItems(
  { name, code }: Pick<RegionItems, "name" | "code">,
  client: DynamoDBClient,
  TableName: string,
): RegionItems {
  return {
    name,
    code,

    async newest(before, limit) {
      const hashes = STATUSES.flatMap((status) => ALL_SHARDS.map((shard) => statusShard(status, shard)));
      return (await Promise.all(hashes.map((hash) => ofShard(hash, before, limit)))).flat();
    },

    async deleted(after, limit) {
      const ids: string[] = [];
      let next = after;
      for (let call = 0; call < SCAN_CALLS && ids.length < limit; call++) {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName,
            Limit: SCANNED_ITEMS,
            ExclusiveStartKey: next === undefined ? undefined : { id: { S: next } },
            FilterExpression: "#deleted = :true",
            ProjectionExpression: "#id",
            ExpressionAttributeNames: { "#deleted": "deleted", "#id": "id" },
            ExpressionAttributeValues: { ":true": { BOOL: true } },
          }),
        );
        ids.push(...Items.map(({ id }) => id.S as string));
        next = LastEvaluatedKey?.id.S;
        if (next === undefined) break;
      }
      if (ids.length <= limit) return { ids, next };
      return { ids: ids.slice(0, limit), next: ids[limit - 1] };
    },

    async get(ids) {
      const found = new Map<string, Image>();
      for (let start = 0; start < ids.length; start += BATCH)
        for (const image of await batch(ids.slice(start, start + BATCH)))
          found.set(image.id.S as string, image);
      return found;
    },
  };

  async function ofShard(hash: string, before: string | undefined, Limit: number): Promise<IndexEntry[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: STATUS_SHARD_INDEX,
        Limit,
        ScanIndexForward: false,
        KeyConditionExpression:
          before === undefined ? "statusShard = :hash" : "statusShard = :hash AND #key < :before",
        ProjectionExpression: "#id, #key",
        ExpressionAttributeNames: { "#id": "id", "#key": "listSortKey" },
        ExpressionAttributeValues: {
          ":hash": { S: hash },
          ...(before !== undefined && { ":before": { S: before } }),
        },
      }),
    );
    return Items.map(({ id, listSortKey }) => ({ id: id.S as string, sortKey: listSortKey.S as string }));
  }

  async function batch(ids: readonly string[]): Promise<Image[]> {
    const images: Image[] = [];
    let asked: KeysAndAttributes | undefined = {
      Keys: ids.map((id) => ({ id: { S: id } })),
      ConsistentRead: true,
    };
    // A response has at most 16 MB. The rest of the keys is unprocessed.
    for (let attempt = 0; asked && attempt < BATCH_ATTEMPTS; attempt++) {
      const RequestItems: Record<string, KeysAndAttributes> = { [TableName]: asked };
      const response = await client.send(new BatchGetItemCommand({ RequestItems }));
      images.push(...(response.Responses?.[TableName] ?? []));
      asked = response.UnprocessedKeys?.[TableName];
    }
    if (asked) throw new Error(`The table ${TableName} did not return all items.`);
    return images;
  }
}
