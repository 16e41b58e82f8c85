import { createHash } from "node:crypto";

/** Returns 64 hexadecimal digits, the same for the same seed. */
export function digestOf(seed: string): string {
  return createHash("sha256").update(seed).digest("hex");
}

/** Returns a UUID, the same for the same seed. */
export function uuidOf(seed: string): string {
  return digestOf(seed).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
