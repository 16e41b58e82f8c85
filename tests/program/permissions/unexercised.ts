/** Right that no call on the local cloud uses, with the source that says what needs it. */
export interface UnexercisedRight {
  /** Name of the function as `docs/permissions.md` has it; `*` for all of them. */
  readonly role: string;
  readonly effect: "Allow" | "Deny";
  readonly action: string;
  /** Resource as `docs/permissions.md` describes it. */
  readonly resource: string;
  readonly reason: string;
  /** Page of AWS. */
  readonly page: string;
}

const LOGS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html";
const TABLE_INDEXES =
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-specific-table-indexes.html";
const ALIASES = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html";
const LAMBDA_STREAM =
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html";
const FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html";
const LEADING_KEYS =
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html";
const NO_RESERVED_CONFLICT =
  "No conflict has a reserved key, and no request can name one. The statement keeps it so.";

/**
 * Rights that the local cloud never exercises. `tests/e2e/permissions.test.ts` proves every other right by a call, and fails when one of
 * these is used or a further one is not.
 */
export const UNEXERCISED_RIGHTS: readonly UnexercisedRight[] = [
  ...["logs:CreateLogStream", "logs:PutLogEvents"].map((action): UnexercisedRight => ({
    role: "*",
    effect: "Allow",
    action,
    resource: "every stream of log group `<function>`",
    reason:
      "Lambda writes the log of a function in the role of the function. The local cloud reads its output.",
    page: LOGS,
  })),
  ...["byStatus", "byAssignee"].map((index): UnexercisedRight => ({
    role: "<region>-api-list",
    effect: "Allow",
    action: "dynamodb:Query",
    resource: `index \`${index}\` of \`<region>-tickets\``,
    reason:
      "Only while a table changes its indexes (`listIndexes`), which is not so in the recorded run. Lists still read these then.",
    page: TABLE_INDEXES,
  })),
  {
    role: "<region>-heartbeat",
    effect: "Allow",
    action: "dynamodb:GetItem",
    resource: "table `<region>-tickets`",
    reason:
      "Version 0.1.0, which runs until its alias moves to this version, reads one item. No version does so now.",
    page: ALIASES,
  },
  {
    role: "<region>-to-<other>",
    effect: "Allow",
    action: "dynamodb:ListStreams",
    resource: "stream of `<region>-tickets`",
    reason: "Lambda refuses to create an event source mapping whose role may not do this.",
    page: LAMBDA_STREAM,
  },
  {
    role: "<region>-to-<other>",
    effect: "Allow",
    action: "s3:ListBucket",
    resource: "bucket `<region>-to-<other>-failures`",
    reason: "Lambda requires it of the role of a mapping with a bucket as its on-failure destination.",
    page: FAILURES,
  },
  ...["<region>-api-conflicts", "<region>-api-update"].map((role): UnexercisedRight => ({
    role,
    effect: "Deny",
    action: "dynamodb:*",
    resource: "table `<region>-conflicts`",
    reason: NO_RESERVED_CONFLICT,
    page: LEADING_KEYS,
  })),
  ...["<other>-conflicts", "<region>-conflicts"].map((table): UnexercisedRight => ({
    role: "<region>-to-<other>",
    effect: "Deny",
    action: "dynamodb:*",
    resource: `table \`${table}\``,
    reason: NO_RESERVED_CONFLICT,
    page: LEADING_KEYS,
  })),
];
