import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";

type Inputs = DeclaredResource["inputs"];

/** Retention periods of CloudWatch Logs in days; 0 means never to expire. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Handler of log groups. A name is unique in a region:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
 * @param groups inputs by ARN.
 */
export function logGroupHandler(groups: Map<string, Inputs>): ResourceHandler {
  return {
    updatable: ["retentionInDays", "kmsKeyId", "skipDestroy", "deletionProtectionEnabled", "tags"],
    replacing: {
      name: "internal/service/logs/group.go:64",
      logGroupClass: "internal/service/logs/group.go:57",
      region: "internal/provider/sdkv2/region.go:110",
    },
    autoName: { input: "name", maxLength: 512 },
    create: async ({ inputs, region }) => {
      const name: string = inputs.name;
      const arn = logGroupArn(region, name);
      if (!/^[\w./#-]{1,512}$/.test(name))
        throw new Error(
          `InvalidParameterException: the name of the log group ${JSON.stringify(name)} must be 1 to 512 letters, ` +
            "digits, underscores, hyphens, slashes, dots or number signs.",
        );
      checkRetention(inputs);
      if (groups.has(arn))
        throw new Error(
          `ResourceAlreadyExistsException: The specified log group already exists: ${name} in ${region}.`,
        );
      groups.set(arn, inputs);
      return { id: name, outputs: outputsOf(arn, inputs) };
    },
    read: async ({ id, region }) => {
      const arn = logGroupArn(region, id);
      const inputs = groups.get(arn);
      return inputs && { id, inputs, outputs: outputsOf(arn, inputs) };
    },
    update: async ({ id, region }, inputs) => {
      const arn = logGroupArn(region, id);
      if (!groups.has(arn))
        throw new Error(
          `ResourceNotFoundException: The specified log group does not exist: ${id} in ${region}.`,
        );
      checkRetention(inputs);
      groups.set(arn, inputs);
      return outputsOf(arn, inputs);
    },
    delete: async ({ id, region, inputs }) => {
      const arn = logGroupArn(region, id);
      // The provider then leaves the log group in the account.
      if (inputs.skipDestroy) return;
      if (groups.get(arn)?.deletionProtectionEnabled)
        throw new Error(
          `ValidationException: the log group ${id} in ${region} has deletion protection. ` +
            "Deploy it with deletionProtectionEnabled: false first.",
        );
      groups.delete(arn);
    },
  };
}

function logGroupArn(region: string, name: string): string {
  return arnOf("logs", region, `log-group:${name}`);
}

function outputsOf(arn: string, inputs: Inputs): CreatedResource["outputs"] {
  return {
    arn,
    name: inputs.name,
    retentionInDays: inputs.retentionInDays ?? 0,
    logGroupClass: inputs.logGroupClass ?? "STANDARD",
  };
}

function checkRetention({ name, retentionInDays }: Inputs): void {
  if (!RETENTION_DAYS.includes(retentionInDays ?? 0))
    throw new Error(
      `retentionInDays ${retentionInDays} of the log group ${name} must be one of ${RETENTION_DAYS.join(", ")}.`,
    );
}
