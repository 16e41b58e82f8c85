import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html */
export interface PolicyStatement {
  /** Exact actions, such as `dynamodb:PutItem`; patterns only in a Deny. */
  readonly actions: readonly string[];
  /** Exact ARNs, or the wildcards that `regional/wildcard-resources.ts` lists; absent in the trust policy of a role. */
  readonly resources?: readonly pulumi.Input<string>[];
  /** `Allow` by default. */
  readonly effect?: "Allow" | "Deny";
  /** Only in resource policies and trust policies. */
  readonly principal?: "*" | { readonly Service: string };
  /** Operator, key and values, such as `{ Bool: { "aws:SecureTransport": "false" } }`. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>
  >;
}

/** Returns a policy document as JSON. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements.map(toJson) });
}

/**
 * Condition that limits a statement to items with these partition keys. `ForAllValues` also matches a request without keys,
 * such as a Scan, so `Null` requires a key.
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
 * Statement that denies all access to reserved items in tables whose other keys are ticket ids. Every reserved key contains a
 * hyphen, and no ticket id does. Not for indexes, whose partition keys contain client input.
 * @param except reserved keys that stay allowed. A request that combines one of them with another key is denied.
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

/** Statement that denies every request to a bucket over plain HTTP. */
export function denyPlainHttpToBucket(bucketArn: pulumi.Input<string>): PolicyStatement {
  return denyPlainHttp(["s3:*"], bucketArn, pulumi.interpolate`${bucketArn}/*`);
}

/** Statement of a resource policy that denies actions over plain HTTP. */
export function denyPlainHttp(
  actions: readonly string[],
  ...resources: readonly pulumi.Input<string>[]
): PolicyStatement {
  return {
    effect: "Deny",
    principal: "*",
    actions,
    resources,
    condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** Returns the ARN of a resource of another service in the same partition, region and account. */
export function arnBeside(
  arn: pulumi.Output<string>,
  service: string,
  resource: string,
): pulumi.Output<string> {
  return arn.apply((text) => {
    const [, partition, , region, account] = text.split(":");
    return ["arn", partition, service, region, account, resource].join(":");
  });
}

/** Returns the id of the account in an ARN. */
export function accountOf(arn: pulumi.Output<string>): pulumi.Output<string> {
  return arn.apply((text) => text.split(":")[4]);
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
