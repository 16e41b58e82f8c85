/**
 * Compares sequence numbers by their value: they have 21 to 40 digits, and text of different lengths does not sort by value. They stay text,
 * because one can begin with zeros, and Lambda takes a number that is not exactly that of a record as a failure of the whole batch:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * @returns a number below 0 if the left one is lower.
 */
export function compareSequenceNumbers(left: string, right: string): number {
  const [leftValue, rightValue] = [BigInt(left), BigInt(right)];
  if (leftValue === rightValue) return 0;
  return leftValue < rightValue ? -1 : 1;
}

/** Returns the lowest of one or more sequence numbers, unchanged. */
export function lowest(sequenceNumbers: readonly string[]): string {
  return sequenceNumbers.reduce((left, right) => (compareSequenceNumbers(right, left) < 0 ? right : left));
}
