import assert from "node:assert/strict";
import { evaluate } from "../../local/aws/iam/evaluate";
import { parsePolicy } from "../../local/aws/iam/policy";
import { ACCOUNT, arnOf } from "../../local/aws/resource";
import { ofType, resourceNamed, type Program, type ProgramResource } from "../support/mocked-program";
import type { PolicyStatement } from "../support/policy-documents";
import { allVariants, type Variant } from "../support/program-variants";

/** Resource types whose policies can trust an AWS service, with the input of the policy. */
const POLICIES: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
};

/**
 * The only service that is trusted without its source. AWS does not document that Lambda sends `aws:SourceArn` or `aws:SourceAccount` when
 * it assumes the role of a function, so with these keys a function may not start. Nobody else can use the role through Lambda: a principal
 * can pass only roles of its own account to a service.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const WITHOUT_SOURCE = "lambda.amazonaws.com";

describe("Trust in AWS services", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("is limited to a source of this account in every policy, except for Lambda", () => {
    const trusted = new Set<string>();
    for (const { program, title } of variants)
      for (const { policy, service, conditions } of trustsOf(program)) {
        trusted.add(service);
        const source = conditions.get("aws:SourceArn") ?? "";
        const where = `${title}: ${policy.urn}: ${service}`;
        if (service === WITHOUT_SOURCE) {
          assert.equal(conditions.size, 0, where);
          assert.equal(policy.type, "aws:iam/role:Role", where);
        } else assert.equal(source.split(":")[4], ACCOUNT, where);
      }
    assert.deepEqual([...trusted].sort(), [
      "cloudfront.amazonaws.com",
      "cloudwatch.amazonaws.com",
      WITHOUT_SOURCE,
      "scheduler.amazonaws.com",
    ]);
  });

  it("names the account too where the ARN of the source has a wildcard", () => {
    for (const { program, title } of variants)
      for (const { policy, conditions } of trustsOf(program))
        if (conditions.get("aws:SourceArn")?.includes("*"))
          assert.equal(conditions.get("aws:SourceAccount"), ACCOUNT, `${title}: ${policy.urn}`);
  });

  it("is limited to one route of one API, or to one stream, in every permission to invoke a function", () => {
    const sources: Readonly<Record<string, RegExp>> = {
      "apigateway.amazonaws.com": /^arn:aws:execute-api:[\w-]+:000000000000:[\w-]+\/\$default\/[^*]+$/,
      "dynamodb.amazonaws.com": /^arn:aws:dynamodb:[\w-]+:000000000000:table\/[\w-]+\/stream\/[^*]+$/,
    };
    const trusted = new Set<string>();
    for (const { program, title } of variants)
      for (const { urn, inputs } of ofType(program, "aws:lambda/permission:Permission")) {
        trusted.add(inputs.principal);
        assert.match(String(inputs.sourceArn), sources[inputs.principal], `${title}: ${urn}`);
      }
    assert.deepEqual([...trusted].sort(), Object.keys(sources));
  });

  it("lets every alarm publish to its topics, and no alarm of another account or region", () => {
    let count = 0;
    for (const { program } of variants)
      for (const alarm of ofType(program, "aws:cloudwatch/metricAlarm:MetricAlarm"))
        for (const topicArn of alarm.inputs.alarmActions as string[]) {
          count++;
          const own = arnOf("cloudwatch", alarm.region, `alarm:${alarm.name}-0123456`);
          const publish = (sourceArn: string, account = ACCOUNT, secure = "true"): string =>
            evaluate(topicPolicy(program, topicArn), {
              action: "sns:Publish",
              resource: topicArn,
              principal: { type: "Service", value: "cloudwatch.amazonaws.com" },
              context: {
                "aws:SourceArn": sourceArn,
                "aws:SourceAccount": account,
                "aws:SecureTransport": secure,
              },
            });
          assert.equal(publish(own), "allowed", alarm.urn);
          assert.equal(publish(own.replace(ACCOUNT, "111122223333"), "111122223333"), "not-allowed");
          assert.equal(publish(own.replace(alarm.region, "eu-north-1")), "not-allowed");
          assert.equal(publish(own, ACCOUNT, "false"), "explicitly-denied");
        }
    assert.ok(count > 50, `${count}`);
  });
});

/** Returns the services that the policies of a program trust, each with the values of its conditions by key. */
function trustsOf(program: Program): {
  readonly policy: ProgramResource;
  readonly service: string;
  readonly conditions: ReadonlyMap<string, string>;
}[] {
  return Object.entries(POLICIES).flatMap(([type, input]) =>
    ofType(program, type).flatMap((policy) => {
      const { Statement } = JSON.parse(policy.inputs[input]) as { Statement: PolicyStatement[] };
      return Statement.flatMap(({ Effect, Principal, Condition = {} }) => {
        const service = typeof Principal === "object" ? Principal.Service : undefined;
        if (Effect !== "Allow" || service === undefined) return [];
        const conditions = Object.values(Condition).flatMap((keys) => Object.entries(keys));
        return [
          { policy, service, conditions: new Map(conditions.map(([key, value]) => [key, String(value)])) },
        ];
      });
    }),
  );
}

function topicPolicy(program: Program, topicArn: string): ReturnType<typeof parsePolicy> {
  const { name } = ofType(program, "aws:sns/topic:Topic").find(({ outputs }) => outputs.arn === topicArn)!;
  const { inputs } = resourceNamed(program, "aws:sns/topicPolicy:TopicPolicy", name);
  return parsePolicy(inputs.policy, "resource", name);
}
