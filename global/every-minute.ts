import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, PolicyStatement } from "../regional/policy";

/** Invokes a function each minute, under a role of its own that may do nothing else. */
export function everyMinute(
  name: string,
  lambda: aws.lambda.Function,
  opts: pulumi.CustomResourceOptions,
): void {
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: policyDocument([trustScheduler(lambda.arn)]) },
    opts,
  );
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: policyDocument([{ actions: ["lambda:InvokeFunction"], resources: [lambda.arn] }]),
    },
    opts,
  );
  new aws.scheduler.Schedule(
    name,
    {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: lambda.arn,
        roleArn: role.arn,
        // The next one comes within a minute.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      },
    },
    { ...opts, dependsOn: policy },
  );
}

/**
 * Lets EventBridge Scheduler take the role, for schedules of this account only.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function trustScheduler(functionArn: pulumi.Output<string>): PolicyStatement {
  const account = functionArn.apply((arn) => arn.split(":")[4]);
  return {
    actions: ["sts:AssumeRole"],
    principal: { Service: "scheduler.amazonaws.com" },
    condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}
