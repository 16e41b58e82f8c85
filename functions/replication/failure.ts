/**
 * Errors that say the record itself can never be applied, whatever happens later. Everything else is transient: a
 * throttle, a 5xx, a timeout and a lost network pass by themselves, and a missing permission, table or credential is
 * mended by a person while the stream keeps the record.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const PERMANENT_ERRORS = [
  "ValidationException",
  "SerializationException",
  "ItemCollectionSizeLimitExceededException",
];

/** Whether an error of a write to the other region can never go away by trying again. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && PERMANENT_ERRORS.includes(error.name);
}
