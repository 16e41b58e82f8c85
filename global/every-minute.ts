import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../regional/lambda-function";
import { accountOf, arnBeside, policyDocument, PolicyStatement } from "../regional/policy";

/** Drops a failed or late invocation, because the next one follows within a minute. */
const NO_RETRY = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };

/** Schedules the live version of a function every minute, with a role that can only invoke it. */
export function everyMinute(
  name: string,
  { function: lambda, live }: LambdaFunction<never, unknown>,
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
      policy: policyDocument([{ actions: ["lambda:InvokeFunction"], resources: [live.arn] }]),
    },
    opts,
  );
  // The retry policy of the schedule does not cover Lambda's own queue, which retries twice and keeps an event for hours.
  // The configuration of a function does not apply to its aliases.
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  const once = new aws.lambda.FunctionEventInvokeConfig(
    name,
    { functionName: lambda.name, qualifier: live.name, ...NO_RETRY },
    opts,
  );
  new aws.scheduler.Schedule(
    name,
    {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: live.arn,
        roleArn: role.arn,
        retryPolicy: NO_RETRY,
      },
    },
    { ...opts, dependsOn: [policy, once] },
  );
}

/**
 * Trust policy for EventBridge Scheduler, for schedules of this account and region in the default group only. The source is the group, not
 * a schedule: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function trustScheduler(functionArn: pulumi.Output<string>): PolicyStatement {
  const group = arnBeside(functionArn, "scheduler", "schedule-group/default");
  return {
    actions: ["sts:AssumeRole"],
    principal: { Service: "scheduler.amazonaws.com" },
    condition: { StringEquals: { "aws:SourceAccount": accountOf(functionArn), "aws:SourceArn": group } },
  };
}
