/** Resource with a wildcard that statements of the program may name. */
export interface WildcardResource {
  /** The statements' effect. */
  readonly effect: "Allow" | "Deny";
  /** Exactly the actions of a statement with this resource. */
  readonly actions: readonly string[];
  /** ARN in which `<…>` stands for a part that each statement names exactly, and `*` for the wildcard. */
  readonly resource: string;
  /** Why the statements cannot name every resource. */
  readonly reason: string;
}

/**
 * Every wildcard in a resource of a statement, in policies of roles, buckets, queues and topics: nowhere else may a resource contain one.
 * `tests/program/least-privilege.test.ts` compares it with the program, and `docs/permissions.md` shows it.
 */
export const WILDCARD_RESOURCES: readonly WildcardResource[] = [
  {
    effect: "Allow",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resource: "arn:<partition>:logs:<region>:<account>:log-group:<group>:*",
    reason: "Lambda chooses the name of the log stream of each execution environment.",
  },
  {
    effect: "Allow",
    actions: ["s3:PutObject"],
    resource: "arn:<partition>:s3:::<bucket>/*",
    reason: "Lambda names the objects, and rejects a mapping whose role may write only under their prefix.",
  },
  {
    effect: "Allow",
    actions: ["s3:GetObject"],
    resource: "arn:<partition>:s3:::<bucket>/*",
    reason: "Every file of the web UI is public, and the names of some change with their content.",
  },
  {
    effect: "Deny",
    actions: ["s3:*"],
    resource: "arn:<partition>:s3:::<bucket>/*",
    reason: "No object may be read or written over plain HTTP. The statement also names the bucket itself.",
  },
];
