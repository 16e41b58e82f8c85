import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html */
export interface PolicyStatement {
  /** Exact actions, such as `dynamodb:PutItem`; a Deny may have patterns. */
  readonly actions: readonly string[];
  /** Exact ARNs; absent in a role's trust policy. */
  readonly resources?: readonly pulumi.Input<string>[];
  /** `Allow` by default. */
  readonly effect?: "Allow" | "Deny";
  /** Who; only in policies of resources. */
  readonly principal?: "*" | { readonly Service: string };
  /** Operator, key and values, such as `{ Bool: { "aws:SecureTransport": "false" } }`. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>
  >;
}

/** A policy as the JSON text that AWS takes. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements.map(toJson) });
}

/**
 * Bounds a statement on a table to items under these keys. `ForAllValues` also holds for a request without any key, such as a
 * Scan, so the key must be there, too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html
 */
export function onlyKeys(...ids: readonly string[]): NonNullable<PolicyStatement["condition"]> {
  return {
    "ForAllValues:StringEquals": { [LEADING_KEYS]: ids },
    Null: { [LEADING_KEYS]: "false" },
  };
}

const LEADING_KEYS = "dynamodb:LeadingKeys";

/**
 * Denies everything under a reserved key of tables whose other keys are ticket ids: every reserved key contains a hyphen, and
 * no ticket id does. Not for indexes, whose leading keys are texts of clients.
 * @param except reserved keys that stay allowed. A request that names one of them beside any other key is denied.
 */
export function denyReservedKeys(
  tableArns: readonly pulumi.Input<string>[],
  ...except: readonly string[]
): PolicyStatement {
  return {
    effect: "Deny",
    actions: ["dynamodb:*"],
    resources: tableArns,
    condition: {
      "ForAnyValue:StringLike": { [LEADING_KEYS]: ["*-*"] },
      ...(except.length > 0 && { "ForAnyValue:StringNotEquals": { [LEADING_KEYS]: except } }),
    },
  };
}

/** Refuses every request to a bucket that is not encrypted in transit. */
export function denyPlainHttp(bucketArn: pulumi.Input<string>): PolicyStatement {
  return {
    effect: "Deny",
    principal: "*",
    actions: ["s3:*"],
    resources: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function toJson({ effect = "Allow", principal, actions, resources, condition }: PolicyStatement): object {
  return {
    Effect: effect,
    ...(principal && { Principal: principal }),
    Action: actions,
    ...(resources && { Resource: resources }),
    ...(condition && { Condition: condition }),
  };
}
