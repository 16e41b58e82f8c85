import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { documentDynamoDB } from "../../functions/shared/aws";
import { checkHealth } from "../../functions/health/health";
import { heartbeat } from "../../functions/heartbeat/heartbeat";
import { embeddedMetrics } from "../../functions/shared/metrics";
import { describeApi } from "../../functions/openapi/describe-api";
import { replicate } from "../../functions/replication/replicate";
import { formatVersion } from "../../functions/replication/version";
import { routingTable } from "../../functions/routing/routing-table";
import { sentinelTable } from "../../functions/sentinel/sentinel-table";
import { drillLock } from "../../operations/drill/systems/drill-lock";
import { reverseLag } from "../../operations/failback/replication-gates";
import { reservedIds } from "../../functions/shared/reserved-items";
import {
  CONFLICT_TABLE_NAMES,
  EmbeddedTable,
  FAKE_CREDENTIALS,
  TABLE_NAME,
} from "../functions/embedded/embedded-table";
import { FakeQueue } from "../functions/embedded/fake-queue";
import { ticketApi } from "../functions/embedded/api-handlers";
import { SentinelWorld } from "../functions/sentinel/sentinel-world";
import { httpEvent, invoke } from "../../testing/api-calls";
import { withEnvironment } from "../support/environment";
import { captureLogs } from "../support/logs";
import { inserted } from "../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem } from "../../testing/tickets";
import { apiLines } from "./stored-names/api-names";
import { itemLines, withoutValues } from "./stored-names/item-names";
import { expectSnapshot, pathsOf } from "./stored-names/snapshot";

type Item = Record<string, AttributeValue>;

const START = Date.now();
const CALLS = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 1 };
const FIELDS = {
  subject: "No heating",
  description: "Cold",
  customer: "Ada",
  assignee: "Ben",
  priority: "high",
};

/**
 * Snapshots of what the functions and the operator commands write: they run here against a DynamoDB, a queue and a bucket,
 * and everything stored is listed by name. `stored-names.test.ts` explains how to change a name on purpose.
 */
describe("Stored names of items, metrics and messages", function () {
  const logs = captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    AWS_LAMBDA_FUNCTION_NAME: "function-under-test",
    TABLE_NAME,
    OTHER_REGION: SINGAPORE,
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: TABLE_NAME,
    TARGET_CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.there,
    CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.here,
    ...FAKE_CREDENTIALS,
  });
  // Used as the tables of both regions.
  const table = new EmbeddedTable(SINGAPORE);
  const queue = new FakeQueue();
  const items: Item[] = [];
  const metrics: Record<string, unknown>[] = [];
  let deliver: (...records: DynamoDBRecord[]) => Promise<void>;
  before(() => {
    const handler = replicate();
    deliver = async (...Records) => assert.deepEqual(await handler({ Records }), { batchItemFailures: [] });
  });
  // An item can change from one kind to another, so all of them are read after every test.
  afterEach(async () => {
    for (const name of [TABLE_NAME, ...Object.values(CONFLICT_TABLE_NAMES)])
      items.push(...(await table.conflicts(name)));
    metrics.push(...logs.metrics);
  });

  it("are collected from tickets and tombstones", async () => {
    const api = ticketApi();
    const { body: ticket } = await api.create(FIELDS, { "idempotency-key": "key" });
    await api.update(ticket.id, { subject: "Edited" });
    await table.store(ticketItem({ id: idOf(2), subject: 7 as unknown as string }));
    assert.equal((await api.get(idOf(2))).status, 404);
    items.push((await table.stored(ticket.id)) ?? {});
    for (const id of [ticket.id, idOf(2), idOf(3)]) assert.equal((await api.delete(id)).status, 204);
  });

  it("are collected from conflicts and quarantined records", async () => {
    await table.store(ticketAt(4, 10, SINGAPORE));
    await deliver(inserted(ticketAt(4, 20, IRELAND), 1));
    const [{ id, losingVersion }] = await table.conflicts(CONFLICT_TABLE_NAMES.here);
    const settled = await ticketApi().update(String(id.S), { resolvedConflict: losingVersion.S });
    assert.equal(settled.status, 200);
    await deliver(malformed(5));
    // Each of these takes six bytes of JSON, so that the record is compressed.
    await deliver(malformed(6, "\u0001".repeat(200_000)));
  });

  it("are collected from heartbeat, canary, lag probe and drill items", async () => {
    await table.store({
      id: `heartbeat-${SINGAPORE}`,
      version: versionAt(0, SINGAPORE),
      origin: SINGAPORE,
      seen: {},
    });
    await heartbeat()();
    assert.equal((await invoke(checkHealth(), httpEvent("GET", "/health"))).status, 200);
    await writeLagProbe();
    const { client } = documentDynamoDB(IRELAND, CALLS);
    const lock = drillLock(client, { code: IRELAND, table: TABLE_NAME });
    await lock.acquire(START);
    items.push(...(await table.conflicts(TABLE_NAME)));
    await lock.release();
  });

  it("are collected from the sentinel and the routing item", async () => {
    const world = new SentinelWorld();
    const database = documentDynamoDB(SINGAPORE, CALLS);
    for (const ok of [true, false]) {
      world.probe = (name) => ({ ok: ok || name === "singapore" });
      await world.run(`ok ${ok}`, ok ? 20 : undefined);
      assert.ok(world.state);
      await sentinelTable(database, TABLE_NAME, SINGAPORE).replace(world.state);
      items.push(...(await table.conflicts(TABLE_NAME)));
    }
    assert.ok(world.routing.item);
    await routingTable(database, TABLE_NAME, SINGAPORE).write(world.routing.item);
    metrics.push(...world.metrics.flatMap(embeddedMetrics).map((line) => JSON.parse(line)));
  });

  it("keep the attributes and the keys of items", () => {
    const lines = itemLines(items);
    for (const id of reservedIds(IRELAND).map(withoutValues))
      assert.ok(
        lines.some((line) => line.startsWith(`${id}: `)),
        `No item ${id} was collected.`,
      );
    expectSnapshot(
      "items",
      lines.sort(),
      "Items that are stored already have the old names, and the other region may run the old code.",
    );
  });

  it("keep the namespace, names, units and dimensions of metrics", () => {
    expectSnapshot("metrics", metrics.flatMap(metricLines).sort(), "Alarms and dashboards use these names.");
  });

  it("keep the messages of the quarantine queue and the objects of the failure bucket", async () => {
    queue.refuses = true;
    await deliver(malformed(7));
    const messages = queue.messages.flatMap((body) => pathsOf(JSON.parse(body), "message"));
    const objects = [...queue.objects].flatMap(([key, body]) => [
      `object key ${withoutValues(key)}`,
      ...pathsOf(JSON.parse(body), "object"),
    ]);
    expectSnapshot(
      "messages",
      [...messages, ...objects].sort(),
      "Redrive reads messages that are queued already.",
    );
  });

  it("keep the paths, parameters and bodies of the API", async () => {
    const { body } = await invoke(describeApi(), httpEvent("GET", "/openapi.json"));
    expectSnapshot("api", apiLines(body), "Clients and the web UI of the other region use these names.");
  });

  async function writeLagProbe(): Promise<void> {
    const written = new Map<string, Item>();
    const gate = await reverseLag({
      primary: { name: "singapore" },
      secondary: { name: "ireland", code: IRELAND },
      write: async (image) => {
        written.set(image.id.S as string, image);
        await table.storeImage(image);
        return { result: "applied", conflict: false };
      },
      readSecondary: async () => new Map(),
      readPrimary: async () => written,
      probe: async () => ({ ok: true, checkedAt: new Date(START).toISOString() }),
      allowedMs: 5000,
      now: () => START,
      sleep: async () => undefined,
      signal: new AbortController().signal,
    });
    assert.ok(gate.ok);
  }
});

/** Such as `Tickets ReplicationLag Milliseconds [FunctionName,SourceRegion,TargetRegion]`. */
function metricLines(document: Record<string, unknown>): string[] {
  const { CloudWatchMetrics } = document._aws as {
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name, Unit }) => `${Namespace} ${Name} ${Unit} ${JSON.stringify(Dimensions)}`),
  );
}

/** The record of a write that can never be applied: its image has no version. */
function malformed(number: number, description = "Cold"): DynamoDBRecord {
  return inserted({ ...ticketAt(number, 0, IRELAND), description, version: "none" }, number);
}

function ticketAt(number: number, milliseconds: number, origin: string): ReturnType<typeof ticketItem> {
  const version = versionAt(milliseconds, origin);
  // Writes with equal content are no conflict.
  return ticketItem({ id: idOf(number), subject: `Written in ${origin}`, origin, version });
}

/** Near the real time, which the functions compare versions with. */
function versionAt(milliseconds: number, region = IRELAND): string {
  return formatVersion({ milliseconds: START - 60_000 + milliseconds, counter: 0, region });
}
