import assert from "node:assert/strict";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import { failureOf, isPermanent, UNVERSIONED_ITEM } from "../../../functions/replication/failure";

const details = { message: "It failed.", $metadata: {} };

/** Errors of a write that the SDK has classes for. */
const SDK_ERRORS: readonly (readonly [Error, kind: string])[] = [
  [new dynamodb.ThrottlingException(details), "throttling"],
  [new dynamodb.RequestLimitExceeded(details), "throttling"],
  [new dynamodb.ProvisionedThroughputExceededException(details), "provisioned throughput"],
  [new dynamodb.InternalServerError(details), "server error"],
  [new dynamodb.TransactionConflictException(details), "contention"],
  [new dynamodb.ResourceNotFoundException(details), "table missing"],
  [new dynamodb.ResourceInUseException(details), "table missing"],
  [new dynamodb.ItemCollectionSizeLimitExceededException(details), "item too large"],
  [unmodeled("ValidationException", 400), "validation"],
  [unmodeled("SerializationException", 400), "validation"],
  [unmodeled("AccessDeniedException", 400), "access denied"],
  [unmodeled("ExpiredTokenException", 400), "credentials"],
  [unmodeled("UnrecognizedClientException", 400), "credentials"],
  [unmodeled("ServiceUnavailable", 503), "server error"],
  [unmodeled("SomethingNew", 500), "server error"],
  [unmodeled("SomethingNew", 400), "unknown"],
];

const OTHER_ERRORS: readonly (readonly [Error, kind: string])[] = [
  [named("TimeoutError"), "timeout"],
  [Object.assign(named("TimeoutError"), { code: "ETIMEDOUT" }), "timeout"],
  [named("AbortError"), "timeout"],
  [named("CredentialsProviderError"), "credentials"],
  [Object.assign(new Error(), { code: "ECONNREFUSED" }), "network"],
  [Object.assign(named("TimeoutError"), { code: "ECONNRESET" }), "network"],
  [Object.assign(new Error(), { code: "ENOTFOUND" }), "network"],
  [Object.assign(new Error(), { code: "ERR_INVALID_ARG_TYPE" }), "unknown"],
  [named(UNVERSIONED_ITEM), "unversioned item"],
  [new TypeError("A mistake of ours."), "unknown"],
];

const PERMANENT = ["validation", "item too large", "unversioned item"];

describe("failureOf", () => {
  for (const [error, kind] of [...SDK_ERRORS, ...OTHER_ERRORS]) {
    const { code } = error as NodeJS.ErrnoException;
    const isFinal = PERMANENT.includes(kind);
    it(`returns a ${isFinal ? "permanent" : "transient"} failure for ${code ?? error.name}: ${kind}`, () => {
      assert.equal(failureOf(error).kind, kind);
      assert.equal(isPermanent(error), isFinal);
      assert.ok(failureOf(error).reason.length > 20, "Each decision has its reason.");
    });
  }

  it("returns a transient failure for a thrown value that is not an error", () => {
    assert.equal(isPermanent("ValidationException"), false);
    assert.equal(isPermanent(undefined), false);
  });
});

/** Returns an error of DynamoDB that the SDK has no class for. */
function unmodeled(name: string, httpStatusCode: number): Error {
  return new dynamodb.DynamoDBServiceException({
    name,
    $fault: httpStatusCode < 500 ? "client" : "server",
    $metadata: { httpStatusCode },
    message: "It failed.",
  });
}

function named(name: string): Error {
  return Object.assign(new Error("It failed."), { name });
}
