/** The name of the error for an item, incoming or stored, that has no valid version or no origin. */
export const UNVERSIONED_ITEM = "UnversionedItem";

/** The name of the error for an item that may not be written to the other region; see `crossing.ts`. */
export const REJECTED_ITEM = "RejectedItem";

/** A kind of failure of a write to the other region, and what is decided for it. */
export interface Failure {
  readonly kind: string;
  /** Whether the record itself can never be applied, so that it goes to quarantine; all others stay in the stream. */
  readonly permanent: boolean;
  /** Why it is decided so. */
  readonly reason: string;
}

interface FailureRule extends Failure {
  /** Names of errors; the service's own, the SDK's and ours. */
  readonly names: readonly string[];
}

/** Also every answer of 500 or more whose name is none of these. */
const SERVER_ERROR: FailureRule = {
  kind: "server error",
  permanent: false,
  names: ["InternalServerError", "InternalFailure", "ServiceUnavailable", "ServiceUnavailableException"],
  reason: "The target region is unwell, which says nothing of the record.",
};

/**
 * What is decided for each kind of error. A record is given up only when the same record would be refused by a target
 * that works; everything else passes by itself or is mended by a person, and the stream keeps the record meanwhile.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 */
const RULES: readonly FailureRule[] = [
  {
    kind: "throttling",
    permanent: false,
    names: ["ThrottlingException", "Throttling", "RequestLimitExceeded", "TooManyRequestsException"],
    reason: "The account or the table is busy; the same write is taken once it is not.",
  },
  {
    kind: "provisioned throughput",
    permanent: false,
    names: ["ProvisionedThroughputExceededException"],
    reason: "A partition is busy; capacity comes back by the second, and a hot one is split.",
  },
  SERVER_ERROR,
  {
    kind: "timeout",
    permanent: false,
    names: ["TimeoutError", "AbortError", "RequestTimeout", "RequestTimeoutException"],
    reason: "The write may have taken effect or not; applied again it is stale, so trying again is safe.",
  },
  {
    kind: "contention",
    permanent: false,
    names: ["TransactionConflictException", "TransactionInProgressException"],
    reason: "Another write to the same item was under way.",
  },
  {
    kind: "access denied",
    permanent: false,
    names: ["AccessDeniedException", "AccessDenied", "KMSAccessDeniedException"],
    reason:
      "A policy is wrong for every record alike; a person mends it, and the stream holds a day of records.",
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
    reason: "Lambda renews expired credentials in a new environment; the record has nothing to do with them.",
  },
  {
    kind: "table missing",
    permanent: false,
    names: ["ResourceNotFoundException", "ResourceInUseException"],
    reason: "The table is being made, restored or replaced; once it is there, every record must reach it.",
  },
  {
    kind: "validation",
    permanent: true,
    names: ["ValidationException", "SerializationException"],
    reason:
      "DynamoDB refuses this item as it is, which includes one of more than 400 KB, and it never changes.",
  },
  {
    kind: "item too large",
    permanent: true,
    names: ["ItemCollectionSizeLimitExceededException", "RequestEntityTooLarge"],
    reason: "The item does not fit, and the stream's image of it never gets smaller.",
  },
  {
    kind: "rejected item",
    permanent: true,
    names: [REJECTED_ITEM],
    reason: "The item belongs to the region that holds it, however often it is sent.",
  },
  {
    kind: "unversioned item",
    permanent: true,
    names: [UNVERSIONED_ITEM],
    reason:
      "Nobody can say which item is newer, and no other writes may wait until a person gives it a version.",
  },
];

const NETWORK: Failure = {
  kind: "network",
  permanent: false,
  reason:
    "The target region cannot be reached; an outage must lose nothing, however long the stream can bear it.",
};

const UNKNOWN: Failure = {
  kind: "unknown",
  permanent: false,
  reason:
    "What is not surely permanent is tried again; if it never passes, the record ends in the on-failure bucket.",
};

/** Such as ECONNREFUSED; Node's own misuse errors begin with ERR_: https://nodejs.org/api/errors.html#common-system-errors */
const SYSTEM_ERROR = /^E(?!RR_|TIMEDOUT$)[A-Z_]+$/;

/** The kind of a failure that an error tells of. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return UNKNOWN;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  // The SDK calls a lost connection a TimeoutError too; its code tells it apart.
  if (typeof code === "string" && SYSTEM_ERROR.test(code)) return NETWORK;
  const isServerError = ($metadata?.httpStatusCode ?? 0) >= 500;
  const rule = RULES.find(({ names }) => names.includes(error.name));
  return rule ?? (isServerError ? SERVER_ERROR : UNKNOWN);
}

/** Whether an error of a write to the other region can never go away by trying again. */
export function isPermanent(error: unknown): boolean {
  return failureOf(error).permanent;
}
