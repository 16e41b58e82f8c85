import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Image } from "../shared/image";

/** What differs between two writes that say the same: when and where each was made, and what follows from that. */
const OF_THE_WRITE: readonly string[] = [
  "version",
  "origin",
  "seen",
  "createdAt",
  "updatedAt",
  "listSortKey",
  "assigneeStatus",
  "expiresAt",
];

/**
 * Whether two writes say the same, as one that a client sent to both regions does: whichever of them is lost, nothing of
 * what it said is. Two deletes always do.
 */
export function haveEqualContent(left: Image, right: Image): boolean {
  return areEqualImages(withoutWrite(left), withoutWrite(right));
}

/** Whether two whole items hold the same, whatever the order in their sets. */
export function areEqualImages(left: Image, right: Image): boolean {
  return textOf({ M: left }) === textOf({ M: right });
}

function withoutWrite(image: Image): Image {
  return Object.fromEntries(Object.entries(image).filter(([name]) => !OF_THE_WRITE.includes(name)));
}

/** The same text for the same value. It is made at once: texts within texts would double in length with each level. */
function textOf(value: AttributeValue): string {
  return JSON.stringify(ordered(value));
}

/** The same JSON value for the same value. */
function ordered(value: AttributeValue): object {
  if (value.M) {
    // The SDK reads an attribute named `__proto__` as undefined.
    const present = Object.entries(value.M).filter(([, part]) => part !== undefined);
    const parts = present.map(([name, part]) => [name, ordered(part)] as const);
    return { M: parts.sort(([left], [right]) => (left < right ? -1 : 1)) };
  }
  if (value.L) return { L: value.L.map(ordered) };
  if (value.SS) return { SS: [...value.SS].sort() };
  if (value.NS) return { NS: [...value.NS].sort() };
  if (value.BS) return { BS: value.BS.map(base64).sort() };
  if (value.B) return { B: base64(value.B) };
  return value;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
