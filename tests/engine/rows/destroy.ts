import assert from "node:assert/strict";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { resourceNameOf, type EngineRun, type ResourceName } from "../../../local/pulumi/engine/engine-run";
import type { EngineState } from "../../../local/pulumi/engine/engine-stack";
import { deleteRecord, deliverRecord } from "../support/bucket-records";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { awsResources, existingResources, listedResources } from "../support/existing-resources";
import { assertChanges, updatedInputs } from "../support/transition";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const TABLE = "aws:dynamodb/table:Table";
const ZONE = "aws:route53/zone:Zone";
/** Types of the resources that are protected. */
const PROTECTED = [TABLE, ZONE];

/** Rows of a destroy of a stack with a domain while the data is protected. They end with the whole stack deployed and unprotected. */
export function protectedDestroyRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  describe("destroying a stack whose data is protected", () => {
    let before: EngineState;
    /** URNs of the protected resources. */
    let kept: string[];

    it("is refused by the preview, which names every table and the zone, and changes nothing", async () => {
      before = await stack().state();
      kept = (before.resources ?? []).filter(({ type }) => PROTECTED.includes(type)).map(({ urn }) => urn);
      assert.equal(kept.length, 5);
      const { error } = await stack().tryPreviewDestroy();
      for (const urn of kept)
        assert.ok(
          error?.message.includes(`resource "${urn}" cannot be deleted\nbecause it is protected`),
          urn,
        );
      assert.deepEqual(
        await existingResources(cloud(), before),
        namesOf(awsResources(before.resources ?? [])),
      );
    });

    /** The Automation API and `--skip-preview` leave out the preview, so everything else is deleted before the run fails. */
    it("deletes everything but the tables and the zone without a preview", async () => {
      await putTicket(cloud(), (await irelandOf(stack())).table);
      const run = await stack().tryDestroy();
      for (const urn of kept)
        assert.ok(
          run.error?.message.includes(`resource "${urn}" cannot be deleted\nbecause it is protected`),
          urn,
        );
      const { resources: left = [] } = await stack().state();
      assert.deepEqual(namesOf(left), [...KEPT].sort());
      assert.deepEqual(
        run.deleted,
        namesOf(before.resources ?? []).filter((name) => !KEPT.includes(name)),
      );
      assert.deepEqual(run.warnings, []);
      assert.deepEqual(
        await existingResources(cloud(), before),
        [...new Set([...namesOf(awsResources(left)), ...retained(before)])].sort(),
      );
    });

    it("is undone by an up, which creates the rest again around the tables with their tickets, and in the same zone", async () => {
      const run = await stack().up({ config: { "tickets:protectData": "false" } });
      assertChanges(run, {
        created: namesOf(before.resources ?? []).filter((name) => !KEPT.includes(name)),
        updated: KEPT.filter((name) => name.startsWith(`${TABLE} `)),
      });
      assert.deepEqual(updatedInputs(run), ["deletionProtectionEnabled"]);
      assert.deepEqual(await ticketOf(cloud(), (await irelandOf(stack())).table), TICKET);
    });
  });
}

/** What a destroy keeps with the protected tables and zone. */
const KEPT: readonly ResourceName[] = [
  "pulumi:pulumi:Stack tickets-ireland",
  ...[`${ZONE} routing-zone`, "pulumi:providers:aws global"],
  ...["tickets:global:HostedZone routing-zone", "tickets:global:Routing routing"],
  ...["ireland", "singapore"].flatMap((region) => [
    `${TABLE} ${region}-conflicts`,
    `${TABLE} ${region}-tickets`,
    `pulumi:providers:aws ${region}`,
    `tickets:regional:ConflictTable ${region}-conflicts`,
    `tickets:regional:RegionalApp ${region}`,
    `tickets:regional:TicketTable ${region}-tickets`,
  ]),
];

/** Rows that remove a stack as docs/deploy.md describes it. */
export function destroyRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  describe("removing a deployment whose data is not protected", () => {
    let before: EngineState;
    let failureBucket: string;
    let first: EngineRun;

    it("stops at a failure bucket that contains records", async () => {
      const tables = ((await stack().state()).resources ?? []).filter(({ type }) => type === TABLE);
      const unprotected = await stack().up({ config: { "tickets:protectData": "false" } });
      assertChanges(unprotected, { updated: namesOf(tables.filter(({ protect }) => protect)) });
      before = await stack().state();
      ({ failureBucket } = await irelandOf(stack()));
      assert.deepEqual(
        await existingResources(cloud(), before),
        namesOf(awsResources(before.resources ?? [])),
      );
      assert.notDeepEqual(await listedResources(cloud()), []);
      await deliverRecord(cloud(), failureBucket);
      const { error, ...run } = await stack().tryDestroy();
      first = run;
      assert.match(error?.message ?? "", /BucketNotEmpty/);
      assert.deepEqual(run.failed, ["aws:s3/bucket:Bucket ireland-to-singapore-failures"]);
      assert.deepEqual(run.warnings, []);
    });

    it("completes with the bucket empty: each resource before those that it depends on, and no service with any left but the bucket of the audit trail", async () => {
      await deleteRecord(cloud(), failureBucket);
      const second = await stack().destroy();
      const { resources = [] } = before;
      assert.deepEqual([...first.deleted, ...second.deleted].sort(), namesOf(resources));
      const operations = [...first.operations, ...second.operations].filter(
        ({ operation }) => operation === "delete",
      );
      const order = new Map(operations.map(({ urn }, index) => [urn, index]));
      const tooEarly = resources.flatMap(({ urn, dependencies = [] }) =>
        dependencies.filter((other) => order.get(other)! < order.get(urn)!),
      );
      assert.deepEqual(tooEarly, []);
      assert.deepEqual(second.warnings, []);
      assert.deepEqual(await existingResources(cloud(), before), retained(before));
      // Also those of trails that were turned off before.
      const others = (await listedResources(cloud())).filter((text) => !/ bucket audit-trail-/.test(text));
      assert.deepEqual(others, []);
      assert.deepEqual((await stack().state()).resources ?? [], []);
    });
  });
}

/**
 * Returns what leaves the stack without being deleted: the bucket of the audit trail, the lifecycle of its records, and a protected zone
 * with its validation record.
 * The assets of the web UI, which the program keeps for open pages, are deleted with their bucket.
 */
function retained({ resources = [] }: EngineState): ResourceName[] {
  return namesOf(resources.filter(({ retainOnDelete, type }) => retainOnDelete && type !== OBJECT));
}

/** A ticket in a table of Ireland, reduced to its key and the attribute that the test reads. */
const TICKET = { id: { S: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }, subject: { S: "Kept" } };

function namesOf(resources: NonNullable<EngineState["resources"]>): ResourceName[] {
  return resources.map(({ urn }) => resourceNameOf(urn)).sort();
}

async function irelandOf(stack: StackUnderTest): Promise<{ table: string; failureBucket: string }> {
  const { regions } = (await stack.outputs()) as {
    regions: Record<string, { table: string; failureBucket: string }>;
  };
  return regions.ireland;
}

async function putTicket(cloud: EngineCloud, TableName: string): Promise<void> {
  const client = databaseOf(cloud);
  await client.send(new PutItemCommand({ TableName, Item: TICKET }));
  client.destroy();
}

async function ticketOf(cloud: EngineCloud, TableName: string): Promise<object | undefined> {
  const client = databaseOf(cloud);
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: TICKET.id } }));
  client.destroy();
  return Item;
}

function databaseOf({ host: { services } }: EngineCloud): DynamoDBClient {
  const region = "eu-west-1";
  return new DynamoDBClient({
    ...{ region, endpoint: services.dynamodb.endpoint(region) },
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}
