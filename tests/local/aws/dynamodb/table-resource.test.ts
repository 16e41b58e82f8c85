import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { changeOf } from "../../../../local/pulumi/changes";
import type { ExistingResource } from "../../../../local/aws/resource";
import { deleteResource, readResource } from "../../support/create-resource";
import { DynamoDBFixture, TABLE, TABLE_INPUTS, TABLE_TYPE, ticket } from "./dynamodb-fixture";
import { BY_TITLE, TITLE, useTable } from "./use-table";

describe("Table resource", () => {
  const fixture = useTable();
  const { update, describeTable, item } = fixture;

  it("is replaced when keys, local indexes or the name change", () => {
    const handler = fixture.dynamodb.service.resourceHandlers[TABLE_TYPE];
    const version = (inputs: Record<string, unknown>) => ({ inputs, comparable: inputs, isAutoNamed: true });
    const replacedBy = (next: object) =>
      changeOf(handler, version(TABLE_INPUTS), version({ ...TABLE_INPUTS, ...next })).replacing;
    const local = { name: "byCount", rangeKey: "count", projectionType: "ALL" };
    assert.deepEqual(replacedBy({ hashKey: "status" }), ["hashKey"]);
    assert.deepEqual(replacedBy({ rangeKey: "status" }), ["rangeKey"]);
    assert.deepEqual(replacedBy({ name: "other" }), ["name"]);
    assert.deepEqual(replacedBy({ localSecondaryIndexes: [local] }), [
      "localSecondaryIndexes.name",
      "localSecondaryIndexes.projectionType",
      "localSecondaryIndexes.rangeKey",
    ]);
    assert.deepEqual(
      replacedBy({ billingMode: "PROVISIONED", globalSecondaryIndexes: [], ttl: undefined }),
      [],
    );
  });

  describe("create", () => {
    it("rejects a name that is taken, by a resource or by another client", async () => {
      await assert.rejects(
        fixture.dynamodb.createTable(),
        /ResourceInUseException: Table already exists: tickets/,
      );
      const other = new CreateTableCommand({
        TableName: "other",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      });
      await fixture.dynamodb.ireland.send(other);
      await assert.rejects(
        fixture.dynamodb.createTable({ ...TABLE_INPUTS, name: "other" }),
        /ResourceInUseException/,
      );
    });

    it("leaves no table if a setting is rejected", async () => {
      const inputs = { ...TABLE_INPUTS, name: "second", deletionProtectionEnabled: true };
      await assert.rejects(
        fixture.dynamodb.createTable({ ...inputs, ttl: { enabled: true } }),
        /ValidationException: TimeToLiveSpecification/,
      );
      assert.equal((await fixture.dynamodb.createTable(inputs)).id, "second");
    });
  });

  describe("delete", () => {
    it("fails while the table is protected, and keeps it", async () => {
      const isProtected = await update({ deletionProtectionEnabled: true });
      await assert.rejects(
        deleteResource(fixture.dynamodb.service, isProtected),
        /^Error: ValidationException: Resource cannot be deleted as it is currently protected against deletion/,
      );
      assert.equal(await item(), "a");
    });

    it("deletes the table, frees its name and ends its stream", async () => {
      await deleteResource(fixture.dynamodb.service, fixture.table);
      assert.equal(await describeTable().catch((error: Error) => error.name), "ResourceNotFoundException");
      await deleteResource(fixture.dynamodb.service, fixture.table);
      const again = await fixture.dynamodb.createTable();
      assert.notEqual(again.outputs.streamArn, fixture.table.outputs.streamArn);
      assert.equal(await item(), undefined);
      assert.deepEqual((await fixture.dynamodb.records(fixture.table.outputs.streamArn as string)).length, 1);
    });
  });

  describe("read", () => {
    it("returns the declared inputs while they are in effect", async () => {
      const inputs = {
        ...TABLE_INPUTS,
        attributes: [TITLE, ...TABLE_INPUTS.attributes],
        globalSecondaryIndexes: [BY_TITLE, ...TABLE_INPUTS.globalSecondaryIndexes],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: true,
        tags: { app: "tickets" },
      };
      const updated = await update(inputs);
      assert.deepEqual(await readResource(fixture.dynamodb.service, updated), {
        id: TABLE,
        inputs,
        outputs: updated.outputs,
      });
    });

    it("returns the inputs that another program changed", async () => {
      const stored = {
        ...fixture.table,
        inputs: { ...fixture.table.inputs, pointInTimeRecovery: { enabled: false } },
      };
      const changes = {
        attributes: [...TABLE_INPUTS.attributes, TITLE],
        billingMode: "PROVISIONED",
        readCapacity: 1,
        writeCapacity: 2,
        deletionProtectionEnabled: true,
        globalSecondaryIndexes: [{ ...BY_TITLE, readCapacity: 3, writeCapacity: 4 }],
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
        streamViewType: "NEW_IMAGE",
        tableClass: "STANDARD_INFREQUENT_ACCESS",
        tags: { owner: "else" },
        ttl: { enabled: false },
      };
      await update(changes);
      const read = await readResource(fixture.dynamodb.service, stored);
      // DynamoDB drops the definitions of attributes that no key uses.
      const attributes = [TABLE_INPUTS.attributes[0], TITLE];
      assert.deepEqual(read?.inputs, { ...TABLE_INPUTS, ...changes, attributes });
      assert.equal(read?.outputs.streamViewType, "NEW_IMAGE");
    });

    it("returns the name and the keys of a table that is read by its id alone", async () => {
      const read = await readResource(fixture.dynamodb.service, {
        ...fixture.table,
        inputs: {},
        outputs: {},
      });
      const { name, hashKey } = read?.inputs ?? {};
      assert.deepEqual([name, hashKey], [TABLE, TABLE_INPUTS.hashKey]);
    });

    it("returns undefined for a table that was deleted through the API", async () => {
      await fixture.dynamodb.ireland.send(new DeleteTableCommand({ TableName: TABLE }));
      assert.equal(await readResource(fixture.dynamodb.service, fixture.table), undefined);
      assert.equal((await fixture.dynamodb.createTable()).id, TABLE);
    });
  });
});

describe("Table of an earlier run", () => {
  let directory: string;
  let dynamodb: DynamoDBFixture;
  let earlier: ExistingResource;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "tables-"));
    const first = await DynamoDBFixture.start({ directory });
    earlier = await first.createTable();
    await first.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a") }));
    await first.close();
    dynamodb = await DynamoDBFixture.start({ directory });
  });
  afterEach(async () => {
    await dynamodb.close();
    rmSync(directory, { recursive: true });
  });

  it("is adopted once, with its items and the settings that the program declares now", async () => {
    const globalSecondaryIndexes = [
      { ...TABLE_INPUTS.globalSecondaryIndexes[0], projectionType: "KEYS_ONLY" },
    ];
    const adopted = await dynamodb.createTable({
      ...TABLE_INPUTS,
      globalSecondaryIndexes,
      deletionProtectionEnabled: true,
    });
    assert.deepEqual(adopted.outputs, earlier.outputs);
    const { Table } = await dynamodb.ireland.send(new DescribeTableCommand({ TableName: TABLE }));
    assert.equal(Table?.DeletionProtectionEnabled, true);
    assert.equal(Table?.GlobalSecondaryIndexes?.[0].Projection?.ProjectionType, "KEYS_ONLY");
    const get = new GetItemCommand({ TableName: TABLE, Key: { id: { S: "a" } } });
    assert.deepEqual((await dynamodb.ireland.send(get)).Item, ticket("a"));
    await assert.rejects(dynamodb.createTable(), /ResourceInUseException/);
  });

  it("is not adopted if a resource of an earlier run is known to declare it", async () => {
    await readResource(dynamodb.service, earlier);
    await assert.rejects(dynamodb.createTable(), /ResourceInUseException/);
  });

  it("is rejected with other keys or local indexes", async () => {
    await assert.rejects(
      dynamodb.createTable({ ...TABLE_INPUTS, rangeKey: "status" }),
      /already exists with other keys or local indexes .*--data/s,
    );
    assert.equal((await dynamodb.createTable()).id, TABLE);
  });
});
