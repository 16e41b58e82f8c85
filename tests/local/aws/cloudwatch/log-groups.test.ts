import assert from "node:assert/strict";
import { LocalCloudWatch } from "../../../../local/aws/cloudwatch/cloudwatch";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const INPUTS = { name: "/aws/lambda/get", retentionInDays: 14 };

describe("LogGroup of LocalCloudWatch", () => {
  let logs: LocalCloudWatch;
  beforeEach(() => {
    logs = new LocalCloudWatch();
  });
  afterEach(() => logs.close());

  it("returns its ARN and name, which is generated if none is given", async () => {
    const { id, outputs } = await createResource(logs, LOG_GROUP, INPUTS);
    assert.equal(id, "/aws/lambda/get");
    assert.equal(outputs.arn, "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/get");
    const generated = await createResource(logs, LOG_GROUP, { retentionInDays: null });
    assert.deepEqual([generated.id, generated.outputs.retentionInDays], ["it-0123456", 0]);
  });

  it("exists once per name and region, until it is deleted", async () => {
    const first = await createResource(logs, LOG_GROUP, INPUTS);
    await createResource(logs, LOG_GROUP, INPUTS, { region: "ap-southeast-1" });
    await assert.rejects(
      createResource(logs, LOG_GROUP, INPUTS),
      /ResourceAlreadyExistsException: .*\/aws\/lambda\/get/,
    );
    await deleteResource(logs, first);
    await deleteResource(logs, first);
    assert.equal(await readResource(logs, first), undefined);
    await createResource(logs, LOG_GROUP, INPUTS);
  });

  it("changes its retention in place, which a read returns", async () => {
    const created = await createResource(logs, LOG_GROUP, INPUTS);
    const inputs = { ...INPUTS, retentionInDays: 30 };
    assert.equal((await updateResource(logs, created, inputs)).outputs.retentionInDays, 30);
    const read = await readResource(logs, created);
    assert.deepEqual([read?.inputs, read?.outputs.retentionInDays], [inputs, 30]);
  });

  it("rejects a retention that CloudWatch does not support, and a malformed name", async () => {
    const about = /retentionInDays 10 of the log group .* must be one of 0, 1, 3, 5, 7, 14/;
    await assert.rejects(createResource(logs, LOG_GROUP, { name: "g", retentionInDays: 10 }), about);
    const created = await createResource(logs, LOG_GROUP, INPUTS);
    await assert.rejects(updateResource(logs, created, { ...INPUTS, retentionInDays: 10 }), about);
    assert.deepEqual((await readResource(logs, created))?.inputs, INPUTS);
    await assert.rejects(createResource(logs, LOG_GROUP, { name: "a:b" }), /InvalidParameterException/);
  });

  it("cannot be updated after it is gone", async () => {
    const created = await createResource(logs, LOG_GROUP, INPUTS);
    await deleteResource(logs, created);
    await assert.rejects(updateResource(logs, created, INPUTS), /ResourceNotFoundException/);
  });

  it("cannot be deleted while it is protected", async () => {
    const inputs = { ...INPUTS, deletionProtectionEnabled: true };
    const created = await createResource(logs, LOG_GROUP, inputs);
    await assert.rejects(deleteResource(logs, created), /ValidationException: .*deletion protection/);
    const unprotected = await updateResource(logs, created, INPUTS);
    await deleteResource(logs, unprotected);
    assert.equal(await readResource(logs, unprotected), undefined);
  });

  it("outlives its resource with skipDestroy", async () => {
    const created = await createResource(logs, LOG_GROUP, { ...INPUTS, skipDestroy: true });
    await deleteResource(logs, created);
    assert.ok(await readResource(logs, created));
    await assert.rejects(createResource(logs, LOG_GROUP, INPUTS), /ResourceAlreadyExistsException/);
  });

  it("is replaced when its name or class changes", () => {
    const { replacing, updatable } = logs.resourceHandlers[LOG_GROUP];
    assert.deepEqual(Object.keys(replacing), ["name", "logGroupClass", "region"]);
    assert.ok(updatable.includes("retentionInDays"));
  });
});
