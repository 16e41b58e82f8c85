import { ACCOUNT, arnOf } from "../resource";

/** Quota of a resource policy of CloudWatch Logs in characters: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html */
const MAXIMUM_POLICY_LENGTH = 5120;

/** Prefix of log groups that need no entry of their own. */
const VENDED_LOGS = "/aws/vendedlogs/";

/**
 * Resource policy `AWSLogDeliveryWrite20150319` of each region, by which the log delivery service may write to log groups.
 *
 * A service that delivers logs, such as API Gateway, adds each log group to it, unless the name starts with `/aws/vendedlogs/`: those
 * share one entry, for which the policy always has room. No entry is removed when its log group is deleted, so the policy outlives
 * stacks until it is full. See "Log group resource policy size limit considerations" in the page above, and
 * https://github.com/sst/sst/issues/125. The message of a full policy is the one of API Gateway, as in
 * https://github.com/serverless/serverless/issues/10469.
 */
export class LogDeliveryPolicies {
  /** ARNs by region. */
  private readonly resources = new Map<string, ReadonlySet<string>>();

  /**
   * Lets the log delivery service write to a log group.
   * @param region AWS code.
   * @throws Error if the policy of the region would be too long. It is then unchanged.
   */
  allow(region: string, logGroupArn: string): void {
    const vendedLogs = arnOf("logs", region, `log-group:${VENDED_LOGS}*`);
    const resource = isVended(logGroupArn) ? vendedLogs : `${logGroupArn}:log-stream:*`;
    const resources = new Set([...(this.resources.get(region) ?? []), resource]);
    const { length } = policyOf(region, new Set([...resources, vendedLogs]));
    if (length > MAXIMUM_POLICY_LENGTH)
      throw new Error(
        "BadRequestException: Cannot enable logging. Policy document length breaking Cloudwatch Logs Constraints, either < 1 or > " +
          `${MAXIMUM_POLICY_LENGTH}: with ${logGroupArn} the log delivery policy of ${region} would have ${length} characters. ` +
          `Give the log group a name that starts with ${VENDED_LOGS}.`,
      );
    this.resources.set(region, resources);
  }

  /** Returns the policy document of a region as JSON. */
  policy(region: string): string {
    return policyOf(region, this.resources.get(region) ?? new Set());
  }
}

function isVended(logGroupArn: string): boolean {
  return logGroupArn.split(":log-group:")[1]?.startsWith(VENDED_LOGS) ?? false;
}

function policyOf(region: string, resources: ReadonlySet<string>): string {
  const Condition = {
    StringEquals: { "aws:SourceAccount": [ACCOUNT] },
    ArnLike: { "aws:SourceArn": [arnOf("logs", region, "*")] },
  };
  const statement = {
    Sid: "AWSLogDeliveryWrite20150319",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [...resources],
    Condition,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
