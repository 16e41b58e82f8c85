import assert from "node:assert/strict";
import { isPermanent } from "../../../functions/replication/failure";

const PERMANENT = [
  "ValidationException",
  "SerializationException",
  "ItemCollectionSizeLimitExceededException",
];
const TRANSIENT = [
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "TimeoutError",
  "AbortError",
  "Error",
  "AccessDeniedException",
  "ExpiredTokenException",
  "ResourceNotFoundException",
  "TransactionConflictException",
];

describe("a failed write to the other region", () => {
  const named = (name: string): Error => Object.assign(new Error("It failed."), { name });

  for (const name of PERMANENT)
    it(`can never succeed after ${name}`, () => assert.equal(isPermanent(named(name)), true));
  for (const name of TRANSIENT)
    it(`is tried again after ${name}`, () => assert.equal(isPermanent(named(name)), false));

  it("is tried again when what was thrown is no error", () => {
    assert.equal(isPermanent("ValidationException"), false);
    assert.equal(isPermanent(undefined), false);
  });
});
