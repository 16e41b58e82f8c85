import type { DynamoDBRecord } from "aws-lambda";
import { objectStore, queueService } from "../shared/aws";
import {
  quarantineMessage,
  QuarantinedRecord,
  QuarantineReason,
  failureObject,
  failureObjectKey,
} from "./quarantined-record";

/** Place of a quarantined record. */
export type QuarantinePlace = "queue" | "bucket";

/** Store for records that can never be applied. */
export interface Quarantine {
  /**
   * Stores a record for a later redrive.
   * @throws Error if it could not be stored anywhere. The stream must then deliver the record again.
   */
  add(record: DynamoDBRecord, reason: QuarantineReason): Promise<QuarantinePlace>;
}

/** Stores a quarantined record in one place. Returns false if the record is too large for it, also when compressed. */
export type StoreRecord = (quarantined: QuarantinedRecord) => Promise<boolean>;

/** Pause after a failure of the queue, in milliseconds. Without it the timeouts of a batch would add up. */
const QUEUE_PAUSE_MS = 60_000;

/**
 * Returns a quarantine in a queue, with a bucket as the fallback. The fallback is used if the queue is missing or unavailable, if
 * its key or policy is wrong, and if the record is too large. Retrying instead would block the shard for a day.
 * @param region AWS code of the region of the stream.
 * @param now milliseconds since 1970.
 */
export function quarantineIn(
  region: string,
  places: { readonly queue: StoreRecord; readonly bucket: StoreRecord },
  now: () => number,
): Quarantine {
  let pausedUntil = 0;
  return {
    async add(record, reason) {
      const quarantinedAt = new Date(now()).toISOString();
      const quarantined = { ...reason, quarantinedAt, sourceRegion: region, record };
      let failure: unknown;
      if (now() >= pausedUntil)
        try {
          if (await places.queue(quarantined)) return "queue";
        } catch (error) {
          failure = error;
          pausedUntil = now() + QUEUE_PAUSE_MS;
        }
      await places.bucket(quarantined).catch((error: unknown) => {
        throw failure ?? error;
      });
      return "bucket";
    },
  };
}

/** Returns a function that sends a record to an SQS queue of a region. */
export function toQueue(region: string, queueUrl: string): StoreRecord {
  const { commands, client } = queueService(region, LIMITS);
  return async (quarantined) => {
    const MessageBody = quarantineMessage(quarantined);
    if (MessageBody === undefined) return false;
    await client.send(new commands.SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    return true;
  };
}

/** Returns a function that puts a record into an S3 bucket of a region. Redrive reads it like the records that Lambda stores there. */
export function toBucket(region: string, bucket: string): StoreRecord {
  let store: ReturnType<typeof objectStore> | undefined;
  return async (quarantined) => {
    // Loaded on first use, which is rare: it would make every cold start longer.
    const { commands, client } = (store ??= objectStore(region, LIMITS));
    const Key = failureObjectKey(quarantined.record);
    const object = { Body: failureObject(quarantined), ContentType: "application/json" };
    await client.send(new commands.PutObjectCommand({ Bucket: bucket, Key, ...object }));
    return true;
  };
}

const LIMITS = { connectionTimeout: 2000, requestTimeout: 5000, maxAttempts: 3 };
