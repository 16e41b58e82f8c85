import { randomUUID } from "node:crypto";
import { itemSize } from "../dynalite";
import type { Json, Item } from "../item";
import { sameItem } from "../item";
import type { ItemChange } from "../store-view";
import type { Stream } from "./stream";

/** `userIdentity` of the records of items that TTL deleted. */
export const TIME_TO_LIVE_IDENTITY = { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" } as const;

/** Returns whether a change is recorded: a write that leaves the item unchanged is not. */
export function isRecorded(change: ItemChange): boolean {
  if (!change.before || !change.after) return change.before !== change.after;
  return !sameItem(change.before, change.after);
}

/**
 * Stream record of a change, with the images of the stream's view type.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 * @param createdAt milliseconds since the epoch.
 */
export function changeRecord(
  stream: Stream,
  change: ItemChange,
  about: { region: string; sequence: string; createdAt: number; userIdentity?: Json },
): Json {
  const keys = keysOf(stream, (change.after ?? change.before) as Item);
  const images = {
    ...(includesNewImage(stream) && change.after ? { NewImage: change.after } : {}),
    ...(includesOldImage(stream) && change.before ? { OldImage: change.before } : {}),
  };
  const sizes = [keys, ...Object.values(images)].map(itemSize);
  return {
    eventID: randomUUID().replaceAll("-", ""),
    eventName: !change.before ? "INSERT" : change.after ? "MODIFY" : "REMOVE",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: about.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(about.createdAt / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: about.sequence,
      SizeBytes: sizes.reduce((sum, size) => sum + size, 0),
      StreamViewType: stream.viewType,
    },
    ...(about.userIdentity ? { userIdentity: about.userIdentity } : {}),
  };
}

function keysOf(stream: Stream, item: Item): Item {
  return Object.fromEntries(
    stream.keySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]),
  );
}

function includesNewImage({ viewType }: Stream): boolean {
  return viewType === "NEW_IMAGE" || viewType === "NEW_AND_OLD_IMAGES";
}

function includesOldImage({ viewType }: Stream): boolean {
  return viewType === "OLD_IMAGE" || viewType === "NEW_AND_OLD_IMAGES";
}
