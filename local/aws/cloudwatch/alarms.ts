import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";

type Inputs = DeclaredResource["inputs"];

/** Inputs of an alarm that change in place. */
const ACTIONS = ["alarmActions", "okActions", "insufficientDataActions"];

const UPDATABLE = [
  ...["alarmDescription", "actionsEnabled", ...ACTIONS, "tags"],
  ...["namespace", "metricName", "dimensions", "statistic", "extendedStatistic", "unit"],
  ...["comparisonOperator", "threshold", "period", "datapointsToAlarm", "evaluationPeriods"],
  ...["treatMissingData", "evaluateLowSampleCountPercentiles"],
];

/**
 * Handler of alarms.
 *
 * `PutMetricAlarm` overwrites an alarm of the same name, and the provider does not check for one: two resources of one name are one
 * alarm with the settings of the last one, and deleting either deletes it.
 * See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html and
 * https://github.com/hashicorp/terraform-provider-aws/issues/44146.
 * @param alarms inputs by ARN.
 */
export function alarmHandler(alarms: Map<string, Inputs>): ResourceHandler {
  const put = (region: string, inputs: Inputs): CreatedResource["outputs"] => {
    checkAlarm(region, inputs);
    const arn = alarmArn(region, inputs.name);
    alarms.set(arn, inputs);
    return outputsOf(arn, inputs);
  };
  return {
    updatable: UPDATABLE,
    unordered: ACTIONS,
    replacing: {
      name: "internal/service/cloudwatch/metric_alarm.go:75",
      region: "internal/provider/sdkv2/region.go:110",
    },
    autoName: { input: "name", maxLength: 255 },
    create: async ({ inputs, region }) => ({ id: inputs.name, outputs: put(region, inputs) }),
    read: async ({ id, region }) => {
      const arn = alarmArn(region, id);
      const inputs = alarms.get(arn);
      return inputs && { id, inputs, outputs: outputsOf(arn, inputs) };
    },
    // Creates the alarm again when it is gone, as `PutMetricAlarm` does.
    update: async ({ region }, inputs) => put(region, inputs),
    delete: async ({ id, region }) => void alarms.delete(alarmArn(region, id)),
  };
}

function alarmArn(region: string, name: string): string {
  return arnOf("cloudwatch", region, `alarm:${name}`);
}

function outputsOf(arn: string, inputs: Inputs): CreatedResource["outputs"] {
  return {
    arn,
    name: inputs.name,
    actionsEnabled: inputs.actionsEnabled ?? true,
    treatMissingData: inputs.treatMissingData ?? "missing",
  };
}

/** Checks the inputs as CloudWatch does: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkAlarm(region: string, inputs: Inputs): void {
  const { name, evaluationPeriods, datapointsToAlarm } = inputs;
  for (const action of ACTIONS.flatMap((kind): string[] => inputs[kind] ?? []))
    if (action.split(":")[3] !== region)
      throw new Error(`The alarm ${name} of ${region} cannot notify ${action}, which is in another region.`);
  if ((datapointsToAlarm ?? 0) > evaluationPeriods)
    throw new Error(`The alarm ${name} has more datapointsToAlarm than evaluationPeriods.`);
}
