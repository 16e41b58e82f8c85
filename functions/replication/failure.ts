/** Name of the error for an incoming or stored item that has no valid version or no origin. */
export const UNVERSIONED_ITEM = "UnversionedItem";

/** Name of the error for an item that may not be written to the other region; see `crossing.ts`. */
export const REJECTED_ITEM = "RejectedItem";

/** Kind of failure of a write to the other region, and how it is handled. */
export interface Failure {
  readonly kind: string;
  /** Whether the record can never be applied and is quarantined. Otherwise it stays in the stream and is retried. */
  readonly permanent: boolean;
  /** Reason for the decision. */
  readonly reason: string;
}

interface FailureRule extends Failure {
  /** Error names of AWS services, the SDK and this application. */
  readonly names: readonly string[];
}

/** Also applies to every response with status 500 or above that matches no rule. */
const SERVER_ERROR: FailureRule = {
  kind: "server error",
  permanent: false,
  names: ["InternalServerError", "InternalFailure", "ServiceUnavailable", "ServiceUnavailableException"],
  reason: "The target region has a fault; the record does not cause it.",
};

/**
 * Decision for each kind of error. A record is quarantined only if a healthy target would reject it again. All other errors end
 * by themselves or are fixed by an operator, and the stream keeps the record until then.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 */
const RULES: readonly FailureRule[] = [
  {
    kind: "throttling",
    permanent: false,
    names: ["ThrottlingException", "Throttling", "RequestLimitExceeded", "TooManyRequestsException"],
    reason: "The account or the table is busy. The same write succeeds later.",
  },
  {
    kind: "provisioned throughput",
    permanent: false,
    names: ["ProvisionedThroughputExceededException"],
    reason:
      "A partition is busy. Its capacity is refilled every second, and DynamoDB splits a hot partition.",
  },
  SERVER_ERROR,
  {
    kind: "timeout",
    permanent: false,
    names: ["TimeoutError", "AbortError", "RequestTimeout", "RequestTimeoutException"],
    reason: "The write may have taken effect. A retry is safe: it is stale if the first write was applied.",
  },
  {
    kind: "contention",
    permanent: false,
    names: ["TransactionConflictException", "TransactionInProgressException"],
    reason: "Another write to the same item was in progress.",
  },
  {
    kind: "access denied",
    permanent: false,
    names: ["AccessDeniedException", "AccessDenied", "KMSAccessDeniedException"],
    reason:
      "A policy is wrong and affects every record. An operator fixes it; the stream keeps 24 hours of records.",
  },
  {
    kind: "credentials",
    permanent: false,
    names: [
      "ExpiredTokenException",
      "ExpiredToken",
      "UnrecognizedClientException",
      "InvalidSignatureException",
      "IncompleteSignatureException",
      "MissingAuthenticationTokenException",
      "CredentialsProviderError",
    ],
    reason:
      "Lambda renews expired credentials in a new execution environment. The record does not cause the error.",
  },
  {
    kind: "table missing",
    permanent: false,
    names: ["ResourceNotFoundException", "ResourceInUseException"],
    reason: "The table is being created, restored or replaced. Every record must reach it afterwards.",
  },
  {
    kind: "validation",
    permanent: true,
    names: ["ValidationException", "SerializationException"],
    reason: "DynamoDB rejects this item, for example because it exceeds 400 KB. The record never changes.",
  },
  {
    kind: "item too large",
    permanent: true,
    names: ["ItemCollectionSizeLimitExceededException", "RequestEntityTooLarge"],
    reason: "The item is too large, and its image in the stream never gets smaller.",
  },
  {
    kind: "rejected item",
    permanent: true,
    names: [REJECTED_ITEM],
    reason: "The item may not cross regions.",
  },
  {
    kind: "unversioned item",
    permanent: true,
    names: [UNVERSIONED_ITEM],
    reason:
      "The newer item cannot be determined. Other writes must not wait until an operator assigns a version.",
  },
];

const NETWORK: Failure = {
  kind: "network",
  permanent: false,
  reason: "The target region is unreachable. The stream keeps the record, so that an outage loses nothing.",
};

const UNKNOWN: Failure = {
  kind: "unknown",
  permanent: false,
  reason: "An unknown error is retried. If it never succeeds, Lambda sends the record to the failure bucket.",
};

/** Codes such as ECONNREFUSED. Codes of Node.js itself start with ERR_ and do not match: https://nodejs.org/api/errors.html#common-system-errors */
const SYSTEM_ERROR = /^E(?!RR_|TIMEDOUT$)[A-Z_]+$/;

/** Returns the kind of failure that an error indicates. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return UNKNOWN;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  // The SDK names a lost connection TimeoutError too; its code identifies it.
  if (typeof code === "string" && SYSTEM_ERROR.test(code)) return NETWORK;
  const isServerError = ($metadata?.httpStatusCode ?? 0) >= 500;
  const rule = RULES.find(({ names }) => names.includes(error.name));
  return rule ?? (isServerError ? SERVER_ERROR : UNKNOWN);
}

/** Returns whether the connection was refused or lost, which is known at once. */
export function isLostConnection(error: unknown): boolean {
  return failureOf(error).kind === NETWORK.kind;
}

/** Returns whether the target responded with a failure that usually ends within a second: throttling, contention or a fault of a server. */
export function isMomentary(error: unknown): boolean {
  return ["throttling", "provisioned throughput", "contention", SERVER_ERROR.kind].includes(
    failureOf(error).kind,
  );
}

/** Returns whether a retry of the failed write can never succeed. */
export function isPermanent(error: unknown): boolean {
  return failureOf(error).permanent;
}
