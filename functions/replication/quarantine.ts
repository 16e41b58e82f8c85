import type { DynamoDBRecord } from "aws-lambda";
import { objectStore, queueService } from "../shared/aws";
import {
  quarantineMessage,
  QuarantinedRecord,
  QuarantineReason,
  failureObject,
  failureObjectKey,
} from "./quarantined-record";

/** Where a quarantined record is. */
export type QuarantinePlace = "queue" | "bucket";

/** Where records go that can never be applied. */
export interface Quarantine {
  /**
   * Stores a record for a later redrive.
   * @throws Error when it could not be stored anywhere; the stream must give the record again then.
   */
  add(record: DynamoDBRecord, reason: QuarantineReason): Promise<QuarantinePlace>;
}

/** Stores a quarantined record in one place. @returns false when the record is too long for the place, however it is written. */
export type StoreRecord = (quarantined: QuarantinedRecord) => Promise<boolean>;

/** After a failure the queue is not asked for this long, in milliseconds, or the timeouts of a batch would add up. */
const QUEUE_REST_MS = 60_000;

/**
 * A quarantine in a queue, and in a bucket when the queue takes no message: it is gone, its key or policy is wrong, it is
 * unavailable, or the record does not fit. A record is not retried for that, because it would block its shard for a day.
 * @param region AWS code of the region of the stream.
 * @param now milliseconds since 1970.
 */
export function quarantineIn(
  region: string,
  places: { readonly queue: StoreRecord; readonly bucket: StoreRecord },
  now: () => number,
): Quarantine {
  let restsUntil = 0;
  return {
    async add(record, reason) {
      const quarantinedAt = new Date(now()).toISOString();
      const quarantined = { ...reason, quarantinedAt, sourceRegion: region, record };
      let failure: unknown;
      if (now() >= restsUntil)
        try {
          if (await places.queue(quarantined)) return "queue";
        } catch (error) {
          failure = error;
          restsUntil = now() + QUEUE_REST_MS;
        }
      await places.bucket(quarantined).catch((error: unknown) => {
        throw failure ?? error;
      });
      return "bucket";
    },
  };
}

/** Sends to an SQS queue of a region. @param queueUrl the queue's URL. */
export function toQueue(region: string, queueUrl: string): StoreRecord {
  const { commands, client } = queueService(region, LIMITS);
  return async (quarantined) => {
    const MessageBody = quarantineMessage(quarantined);
    if (MessageBody === undefined) return false;
    await client.send(new commands.SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    return true;
  };
}

/** Puts into an S3 bucket of a region, where redrive reads it as what Lambda stores there. */
export function toBucket(region: string, bucket: string): StoreRecord {
  let store: ReturnType<typeof objectStore> | undefined;
  return async (quarantined) => {
    // Loaded when it is needed, which is hardly ever: it would make each cold start longer.
    const { commands, client } = (store ??= objectStore(region, LIMITS));
    const Key = failureObjectKey(quarantined.record);
    const object = { Body: failureObject(quarantined), ContentType: "application/json" };
    await client.send(new commands.PutObjectCommand({ Bucket: bucket, Key, ...object }));
    return true;
  };
}

const LIMITS = { connectionTimeout: 2000, requestTimeout: 5000, maxAttempts: 3 };
