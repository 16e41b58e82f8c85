import assert from "node:assert/strict";
import { LocalCloudWatch } from "../../../../local/aws/cloudwatch/cloudwatch";
import { createResource } from "../../support/create-resource";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("LocalCloudWatch", () => {
  it("returns the ARN and the name of a log group, which can exist once in each region", async () => {
    const logs = new LocalCloudWatch();
    const inputs = { name: "/aws/lambda/get", retentionInDays: 14 };
    const { id, outputs } = await createResource(logs, LOG_GROUP, inputs);
    assert.equal(id, "/aws/lambda/get");
    assert.equal(outputs.arn, "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/get");
    await createResource(logs, LOG_GROUP, inputs, { region: "ap-southeast-1" });
    await assert.rejects(
      createResource(logs, LOG_GROUP, inputs),
      /ResourceAlreadyExists.*\/aws\/lambda\/get/,
    );
  });

  it("rejects a retention that CloudWatch does not support", async () => {
    await assert.rejects(
      createResource(new LocalCloudWatch(), LOG_GROUP, { name: "g", retentionInDays: 10 }),
      /retentionInDays 10 of the log group g must be one of 0, 1, 3, 5, 7, 14/,
    );
  });

  it("returns the ARN of an alarm", async () => {
    const { outputs } = await createResource(new LocalCloudWatch(), ALARM, {
      metricName: "Errors",
      evaluationPeriods: 1,
    });
    assert.equal(outputs.arn, "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:it-0123456");
  });

  it("rejects alarms that CloudWatch rejects, and unsupported inputs", async () => {
    const topic = "arn:aws:sns:ap-southeast-1:000000000000:alarms";
    for (const [inputs, message] of [
      [{ evaluationPeriods: 1, alarmActions: [topic] }, /cannot notify .*, which is in another region/],
      [{ evaluationPeriods: 1, okActions: [topic] }, /cannot notify .*, which is in another region/],
      [{ evaluationPeriods: 3, datapointsToAlarm: 4 }, /more datapointsToAlarm than evaluationPeriods/],
      [{ evaluationPeriods: 1, metricQueries: [{}] }, /does not support metricQueries/],
    ] as const)
      await assert.rejects(createResource(new LocalCloudWatch(), ALARM, inputs), message);
  });
});
