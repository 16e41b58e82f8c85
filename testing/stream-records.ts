import type { DynamoDBRecord } from "aws-lambda";
import { toImage } from "./attribute-values";
import type { TableChange } from "./memory-table";
import { IRELAND } from "./tickets";

/** Returns the stream record of a change, as Lambda passes it. */
export function streamRecordOf(
  { before, after }: TableChange,
  sequenceNumber: number,
  region = IRELAND,
): DynamoDBRecord {
  const { id } = (after ?? before) as { id: string };
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: after === undefined ? "REMOVE" : before === undefined ? "INSERT" : "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: {
      Keys: { id: { S: id } },
      ...(before && { OldImage: toImage(before) }),
      ...(after && { NewImage: toImage(after) }),
      SequenceNumber: String(sequenceNumber),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

/** Returns the stream record of an item's first write. */
export function inserted(item: object, sequenceNumber: number): DynamoDBRecord {
  return streamRecordOf({ before: undefined, after: item as TableChange["after"] }, sequenceNumber);
}
