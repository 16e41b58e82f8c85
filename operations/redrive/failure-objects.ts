import type { DynamoDBRecord } from "aws-lambda";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { forEachBounded } from "../../functions/shared/for-each-bounded";
import { isStreamRecord } from "../../functions/replication/stream-record";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { conclude } from "./conclude";
import { notReplayable, type Outcome, replay, type ReplayContext } from "./replay";

/** Objects of a failure bucket. */
export interface ObjectStore {
  keys(): AsyncIterable<string>;
  /** Returns the text of an object; undefined if it does not exist any more. */
  read(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
}

const PARALLEL_ITEMS = 16;
/** Maximum objects that are counted. */
const MAXIMUM_COUNTED = 1000;

/**
 * Replays the records of every object. Deletes an object only if all of its records are applied, stale, settled or discarded.
 * @param name name of the bucket in messages.
 * @throws the first error that is not caused by a record; the current object is kept.
 */
export async function redriveObjects(
  store: ObjectStore,
  name: string,
  context: ReplayContext,
): Promise<void> {
  for await (const key of store.keys()) {
    if (context.signal.aborted) return;
    const text = await store.read(key);
    if (text === undefined) continue;
    const outcomes = await replayObject(text, `${name}, object ${key}`, context);
    await conclude(outcomes, () => store.delete(key), context);
  }
}

async function replayObject(text: string, where: string, context: ReplayContext): Promise<Outcome[]> {
  const records = recordsOf(text);
  if (!records) {
    context.onProgress();
    return [notReplayable(text, where, "The object is not the record of a failed invocation.")];
  }
  const outcomes: Outcome[] = [];
  await forEachBounded(byItem(records), PARALLEL_ITEMS, async (ofItem) => {
    for (const record of ofItem) outcomes.push(await replay(record, where, context));
  });
  return outcomes;
}

/**
 * Returns the stream records in an invocation record, whose payload is the whole event as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
function recordsOf(text: string): readonly DynamoDBRecord[] | undefined {
  try {
    const { payload } = JSON.parse(text) as { payload?: unknown };
    const event = typeof payload === "string" ? (JSON.parse(payload) as unknown) : payload;
    const { Records: records } = (event ?? {}) as { Records?: unknown };
    const isEvent = Array.isArray(records) && records.length > 0;
    return isEvent && records.every(isStreamRecord) ? records : undefined;
  } catch {
    return undefined;
  }
}

/** Groups records by item: writes of one item are replayed in sequence. */
function byItem(records: readonly DynamoDBRecord[]): DynamoDBRecord[][] {
  const groups = new Map<string, DynamoDBRecord[]>();
  for (const record of records) {
    const id = JSON.stringify(record.dynamodb?.Keys);
    groups.set(id, [...(groups.get(id) ?? []), record]);
  }
  return [...groups.values()];
}

/** Prefix under which Lambda stores failed invocations: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const PREFIX = "aws/lambda/";

/** Opens the failure objects of a bucket in S3. */
export function failureObjects(client: S3Client, Bucket: string): ObjectStore {
  return {
    async *keys() {
      let ContinuationToken: string | undefined;
      do {
        const input = { Bucket, Prefix: PREFIX, ContinuationToken };
        const page = await client.send(new ListObjectsV2Command(input));
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },

    async read(Key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToString();
      } catch (error) {
        if ((error as Error).name === "NoSuchKey") return undefined;
        throw error;
      }
    },

    async delete(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

/** Checks a bucket. @throws CommandError if it cannot be read. */
export async function checkBucket(client: S3Client, Bucket: string): Promise<void> {
  await client.send(new HeadBucketCommand({ Bucket })).catch((error) => {
    throw new CommandError(`The bucket ${Bucket} cannot be read (${reasonOf(error)}).`, { cause: error });
  });
}

/** Counts the objects of a failure bucket, up to 1000. */
export async function countObjects(client: S3Client, bucket: string): Promise<number> {
  let count = 0;
  for await (const key of failureObjects(client, bucket).keys())
    if (key !== "" && ++count === MAXIMUM_COUNTED) break;
  return count;
}
