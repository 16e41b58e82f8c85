import assert from "node:assert/strict";
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";
import { BY_TITLE, TITLE, useTable } from "./use-table";

describe("Update of a table resource", () => {
  const fixture = useTable();
  const { update, describeTable, item } = fixture;

  it("changes protection, table class, encryption, recovery and tags, and keeps items and stream", async () => {
    const changes = {
      deletionProtectionEnabled: true,
      tableClass: "STANDARD_INFREQUENT_ACCESS",
      serverSideEncryption: { enabled: true },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
      tags: { app: "tickets", stage: "test" },
    };
    const updated = await update(changes);
    assert.equal(updated.outputs.streamArn, fixture.table.outputs.streamArn);
    assert.deepEqual(updated.outputs.tagsAll, changes.tags);
    const described = await describeTable();
    assert.equal(described?.DeletionProtectionEnabled, true);
    assert.equal(described?.TableClassSummary?.TableClass, "STANDARD_INFREQUENT_ACCESS");
    assert.equal(described?.SSEDescription?.Status, "ENABLED");
    const backups = await fixture.dynamodb.ireland.send(
      new DescribeContinuousBackupsCommand({ TableName: TABLE }),
    );
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    assert.equal(recovery?.RecoveryPeriodInDays, 7);
    await update({ tags: { app: "other" } });
    const ResourceArn = described?.TableArn;
    const { Tags } = await fixture.dynamodb.ireland.send(new ListTagsOfResourceCommand({ ResourceArn }));
    assert.deepEqual(Tags, [{ Key: "app", Value: "other" }]);
    assert.equal((await describeTable())?.DeletionProtectionEnabled, false);
    assert.equal(await item(), "a");
  });

  it("changes its key in place: to a KMS key of its region, and to one that AWS owns", async () => {
    const key = (region: string): string => `arn:aws:kms:${region}:000000000000:key/1`;
    const encryption = async () => (await describeTable())?.SSEDescription;
    await update({ serverSideEncryption: { enabled: true } });
    await update({ serverSideEncryption: { enabled: true, kmsKeyArn: key("eu-west-1") } });
    assert.equal((await encryption())?.KMSMasterKeyArn, key("eu-west-1"));
    await assert.rejects(
      update({ serverSideEncryption: { enabled: true, kmsKeyArn: key("ap-southeast-1") } }),
      /serverSideEncryption: NotFoundException: Invalid arn ap-southeast-1\. Give the ARN of a KMS key in eu-west-1/,
    );
    assert.equal((await encryption())?.KMSMasterKeyArn, key("eu-west-1"));
    // Without the argument, the provider changes nothing.
    await update({ serverSideEncryption: undefined });
    assert.equal((await encryption())?.Status, "ENABLED");
    await update({ serverSideEncryption: { enabled: false } });
    assert.equal(await encryption(), undefined);
    assert.equal(await item(), "a");
  });

  it("has the default tags of its provider besides its own", async () => {
    const tags = { app: "tickets" };
    const tagsAll = { ...tags, team: "support" };
    const { service } = fixture.dynamodb;
    const handler = service.resourceHandlers[fixture.table.type];
    // A driver adds the default tags after it has checked the inputs of the program.
    const inputs = { ...TABLE_INPUTS, name: TABLE, tags, tagsAll };
    const outputs = await handler.update(fixture.table, inputs);
    assert.deepEqual(outputs.tagsAll, tagsAll);
    const updated = { ...fixture.table, inputs, outputs };
    const ResourceArn = (await describeTable())?.TableArn;
    const { Tags = [] } = await fixture.dynamodb.ireland.send(new ListTagsOfResourceCommand({ ResourceArn }));
    assert.deepEqual(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])), tagsAll);
    assert.deepEqual((await handler.read(updated))?.inputs, inputs);
    // Another program changes and removes tags.
    await fixture.dynamodb.ireland.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team"] }));
    await fixture.dynamodb.ireland.send(
      new TagResourceCommand({ ResourceArn, Tags: [{ Key: "app", Value: "other" }] }),
    );
    const drifted = await handler.read(updated);
    assert.deepEqual([drifted?.inputs.tags, drifted?.inputs.tagsAll], [{ app: "other" }, { app: "other" }]);
  });

  it("creates a new stream for another view type", async () => {
    const keysOnly = await update({ streamViewType: "KEYS_ONLY" });
    assert.notEqual(keysOnly.outputs.streamArn, fixture.table.outputs.streamArn);
    assert.equal(keysOnly.outputs.streamViewType, "KEYS_ONLY");
    await fixture.dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("b") }));
    const records = await fixture.dynamodb.records(keysOnly.outputs.streamArn as string);
    assert.deepEqual(
      records.map(({ dynamodb: record }) => [record?.Keys?.id.S, record?.NewImage]),
      [["b", undefined]],
    );
    await update({ streamEnabled: false, streamViewType: undefined });
    assert.equal((await describeTable())?.StreamSpecification, undefined);
  });

  it("enables and disables time to live, and keeps it when the program no longer declares it", async () => {
    const attribute = async () => {
      const command = new DescribeTimeToLiveCommand({ TableName: TABLE });
      return (await fixture.dynamodb.ireland.send(command)).TimeToLiveDescription?.AttributeName;
    };
    await update({ ttl: undefined });
    assert.equal(await attribute(), "expiresAt");
    await assert.rejects(
      update({ ttl: { enabled: true, attributeName: "until" } }),
      /^Error: ValidationException: TimeToLive is active on a different AttributeName.* expiresAt/,
    );
    await update({ ttl: { enabled: false } });
    assert.equal(await attribute(), undefined);
    await update({ ttl: { enabled: true, attributeName: "until" } });
    assert.equal(await attribute(), "until");
  });

  it("creates, changes and deletes indexes one after the other, with the items of the table", async () => {
    const attributes = [...TABLE_INPUTS.attributes, TITLE];
    const byCount = { ...BY_TITLE, name: "byTitleAndId", rangeKey: "id" };
    const query = async (IndexName: string) => {
      const request = new QueryCommand({
        TableName: TABLE,
        IndexName,
        KeyConditionExpression: "title = :x",
        ExpressionAttributeValues: { ":x": { S: "x" } },
      });
      return (await fixture.dynamodb.ireland.send(request)).Items;
    };
    await update({ attributes, globalSecondaryIndexes: [BY_TITLE, byCount] });
    const keys = { id: { S: "a" }, title: { S: "x" } };
    assert.deepEqual([await query("byTitle"), await query("byTitleAndId")], [[keys], [keys]]);
    await assert.rejects(query("byStatus"), { name: "ValidationException" });
    await update({ attributes, globalSecondaryIndexes: [{ ...BY_TITLE, projectionType: "ALL" }] });
    assert.deepEqual(await query("byTitle"), [{ ...ticket("a"), title: { S: "x" } }]);
    const names = (await describeTable())?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName);
    assert.deepEqual(names, ["byTitle"]);
  });

  it("changes between on-demand and provisioned capacity, with indexes", async () => {
    const capacity = (units: number) => ({ readCapacity: units, writeCapacity: units });
    const index = { ...TABLE_INPUTS.globalSecondaryIndexes[0], ...capacity(2) };
    const more = { ...BY_TITLE, ...capacity(3) };
    const inputs = { billingMode: "PROVISIONED", ...capacity(1), globalSecondaryIndexes: [index, more] };
    const attributes = [...TABLE_INPUTS.attributes, TITLE];
    await update({ ...inputs, attributes });
    await update({
      ...inputs,
      attributes,
      ...capacity(4),
      globalSecondaryIndexes: [index, { ...more, ...capacity(5) }],
    });
    const described = await describeTable();
    const reads = [described, ...(described?.GlobalSecondaryIndexes ?? [])].map(
      (one) => one?.ProvisionedThroughput?.ReadCapacityUnits,
    );
    assert.deepEqual(reads, [4, 2, 5]);
    const onDemand = await update({});
    assert.equal(onDemand.outputs.billingMode, "PAY_PER_REQUEST");
    assert.equal((await describeTable())?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    assert.equal(await item(), "a");
  });

  it("changes nothing if nothing differs", async () => {
    const before = await describeTable();
    await update({ attributes: [...TABLE_INPUTS.attributes].reverse() });
    assert.deepEqual(await describeTable(), before);
  });

  it("fails for a table that was deleted", async () => {
    await fixture.dynamodb.ireland.send(new DeleteTableCommand({ TableName: TABLE }));
    await assert.rejects(update({}), /ResourceNotFoundException: there is no table tickets in eu-west-1/);
  });
});
