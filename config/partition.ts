/**
 * Partitions other than `aws`, by the start of their region codes. A code that none of them starts with counts as a region of `aws`,
 * as in the AWS SDKs, so that new regions need no change here.
 * https://github.com/aws/aws-sdk-js-v3/blob/main/packages/util-endpoints/src/lib/aws/partitions.json
 */
const OTHER_PARTITIONS: readonly (readonly [start: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["eu-isoe-", "aws-iso-e"],
  ["eusc-", "aws-eusc"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["us-isof-", "aws-iso-f"],
];

/** Returns the partition of an AWS region code, such as `aws` or `aws-us-gov`. */
export function partitionOf(code: string): string {
  return OTHER_PARTITIONS.find(([start]) => code.startsWith(start))?.[1] ?? "aws";
}
