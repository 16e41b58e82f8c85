import type { DynamoDBRecord } from "aws-lambda";
import { queueService } from "../aws";

/** Why a record is set aside. */
export interface QuarantineReason {
  /** The error's name, such as `ValidationException`, or `MalformedRecord`. */
  readonly error: string;
  readonly message: string;
}

/** A quarantined record, as the queue carries it: everything a later redrive needs. */
export interface QuarantinedRecord extends QuarantineReason {
  /** ISO 8601, UTC. */
  readonly quarantinedAt: string;
  /** AWS code of the region of the stream. */
  readonly sourceRegion: string;
  /** The whole stream record; its old image is left out when the message would be too long for the queue. */
  readonly record: DynamoDBRecord;
  readonly oldImageLeftOut?: true;
}

/** Where records go that can never be applied. */
export interface Quarantine {
  /** Sets a record aside; rejects when it could not, and the record must be tried again then. */
  add(record: DynamoDBRecord, reason: QuarantineReason): Promise<void>;
}

/** The longest message a queue takes, in bytes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAXIMUM_MESSAGE_BYTES = 1024 * 1024;

/** The body of the queue's message. */
export function quarantineMessage(quarantined: QuarantinedRecord): string {
  const whole = messageBody(quarantined);
  if (Buffer.byteLength(whole) <= MAXIMUM_MESSAGE_BYTES) return whole;
  const { record } = quarantined;
  const dynamodb = { ...record.dynamodb, OldImage: undefined };
  return messageBody({ ...quarantined, record: { ...record, dynamodb }, oldImageLeftOut: true });
}

/** JSON with the two code points escaped that a queue's message must not hold: https://www.w3.org/TR/REC-xml/#charsets */
function messageBody(quarantined: QuarantinedRecord): string {
  return JSON.stringify(quarantined)
    .replace(/\uFFFE/g, "\\ufffe")
    .replace(/\uFFFF/g, "\\uffff");
}

/**
 * A quarantine in an SQS queue of the function's own region.
 * @param region AWS code of that region.
 * @param queueUrl the queue's URL.
 */
export function quarantineQueue(region: string, queueUrl: string): Quarantine {
  const { commands, client } = queueService(region, {
    connectionTimeout: 2000,
    requestTimeout: 5000,
    maxAttempts: 3,
  });
  return {
    async add(record, reason) {
      const quarantinedAt = new Date().toISOString();
      const MessageBody = quarantineMessage({ ...reason, quarantinedAt, sourceRegion: region, record });
      await client.send(new commands.SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    },
  };
}
