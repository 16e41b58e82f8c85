import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Image } from "../shared/image";
import { LISTING_ATTRIBUTES } from "../tickets/listing-attributes";

/** Attributes that may differ between two writes with equal content: time, place, and values derived from them. */
const WRITE_ATTRIBUTES: readonly string[] = [
  "version",
  "origin",
  "seen",
  "createdAt",
  "updatedAt",
  ...LISTING_ATTRIBUTES,
  "expiresAt",
];

/**
 * Returns whether two writes have equal content, as when a client sends a request to both regions. Losing either of them then
 * loses nothing. Two deletes always have equal content.
 */
export function haveEqualContent(left: Image, right: Image): boolean {
  return areEqualImages(contentOf(left), contentOf(right));
}

/** Returns whether two items are equal in all attributes, regardless of the order within sets. */
export function areEqualImages(left: Image, right: Image): boolean {
  return JSON.stringify(ordered({ M: left })) === JSON.stringify(ordered({ M: right }));
}

function contentOf(image: Image): Image {
  return Object.fromEntries(Object.entries(image).filter(([name]) => !WRITE_ATTRIBUTES.includes(name)));
}

/**
 * Returns a value whose JSON is the same for equal values. It is serialized once at the end: JSON text nested in JSON text would
 * double in length with each level.
 */
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
