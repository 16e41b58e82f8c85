import type { AttributeValue } from "aws-lambda";

/** Returns a plain item in DynamoDB's typed form, as in a stream record: bytes are base64 text. Omits undefined attributes. */
export function toImage(item: object): Record<string, AttributeValue> {
  const present = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, toAttributeValue(value)]));
}

/** Returns the plain item of an image of the stream or the SDK. The image may not contain bytes or sets. */
export function fromImage<T>(image: Readonly<Record<string, object>>): T {
  const entries = Object.entries(image as Record<string, AttributeValue>);
  return Object.fromEntries(entries.map(([name, value]) => [name, toPlain(value)])) as T;
}

function toAttributeValue(value: unknown): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { L: value.map(toAttributeValue) };
  if (typeof value === "object" && value !== null) return { M: toImage(value) };
  throw new Error(`The value ${String(value)} has no attribute type.`);
}

function toPlain(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.L !== undefined) return attribute.L.map(toPlain);
  if (attribute.M !== undefined) return fromImage(attribute.M);
  throw new Error(`The attribute ${JSON.stringify(attribute)} has no plain value.`);
}
