import assert from "node:assert/strict";
import { LocalCloudWatch } from "../../../../local/aws/cloudwatch/cloudwatch";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const INPUTS = { name: "errors", metricName: "Errors", evaluationPeriods: 1, threshold: 1 };

describe("MetricAlarm of LocalCloudWatch", () => {
  let cloudWatch: LocalCloudWatch;
  beforeEach(() => {
    cloudWatch = new LocalCloudWatch();
  });
  afterEach(() => cloudWatch.close());

  it("returns its ARN and name, which is generated if none is given", async () => {
    const { id, outputs } = await createResource(cloudWatch, ALARM, INPUTS);
    assert.equal(id, "errors");
    assert.equal(outputs.arn, "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:errors");
    const generated = await createResource(cloudWatch, ALARM, {
      ...INPUTS,
      name: undefined,
      okActions: null,
      datapointsToAlarm: null,
    });
    assert.equal(generated.id, "it-0123456");
  });

  it("changes in place, which a read returns", async () => {
    const created = await createResource(cloudWatch, ALARM, INPUTS);
    await updateResource(cloudWatch, created, { ...INPUTS, threshold: 5 });
    assert.equal((await readResource(cloudWatch, created))?.inputs.threshold, 5);
  });

  it("is overwritten by a second resource of its name, and gone when either is deleted", async () => {
    const first = await createResource(cloudWatch, ALARM, INPUTS);
    const second = await createResource(cloudWatch, ALARM, { ...INPUTS, threshold: 9 }, { name: "other" });
    assert.equal((await readResource(cloudWatch, first))?.inputs.threshold, 9);
    await createResource(cloudWatch, ALARM, INPUTS, { region: "ap-southeast-1" });
    assert.equal((await readResource(cloudWatch, first))?.inputs.threshold, 9);
    await deleteResource(cloudWatch, first);
    assert.equal(await readResource(cloudWatch, second), undefined);
    await deleteResource(cloudWatch, second);
  });

  it("exists again after an update when it was deleted", async () => {
    const created = await createResource(cloudWatch, ALARM, INPUTS);
    await deleteResource(cloudWatch, created);
    await updateResource(cloudWatch, created, INPUTS);
    assert.ok(await readResource(cloudWatch, created));
  });

  it("rejects what CloudWatch rejects, when it is created and updated, and unsupported inputs", async () => {
    const topic = "arn:aws:sns:ap-southeast-1:000000000000:alarms";
    const created = await createResource(cloudWatch, ALARM, INPUTS);
    for (const [change, message] of [
      [{ alarmActions: [topic] }, /cannot notify .*, which is in another region/],
      [{ okActions: [topic] }, /cannot notify .*, which is in another region/],
      [{ evaluationPeriods: 3, datapointsToAlarm: 4 }, /more datapointsToAlarm than evaluationPeriods/],
      [{ metricQueries: [{}] }, /does not support metricQueries/],
    ] as const) {
      const inputs = { ...INPUTS, ...change };
      await assert.rejects(createResource(cloudWatch, ALARM, inputs), message);
      await assert.rejects(updateResource(cloudWatch, created, inputs), message);
    }
    assert.deepEqual((await readResource(cloudWatch, created))?.inputs, INPUTS);
  });

  it("is replaced when its name changes, and not otherwise", () => {
    const { replacing, updatable } = cloudWatch.resourceHandlers[ALARM];
    assert.deepEqual(Object.keys(replacing), ["name", "region"]);
    assert.ok(updatable.includes("threshold"));
  });
});
