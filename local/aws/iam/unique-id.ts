import { createHash } from "node:crypto";

/** A role's unique id in IAM's form, `AROA` and 17 characters, the same for the same ARN. */
export function uniqueIdOf(roleArn: string): string {
  return `AROA${createHash("sha256").update(roleArn).digest("hex").slice(0, 17).toUpperCase()}`;
}
