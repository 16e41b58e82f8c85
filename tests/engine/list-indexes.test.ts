/* The updates of docs/deploy.md that give the ticket tables of the last release sharded indexes, and what an update that leaves one out does. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { localClientConfig } from "../../local/aws/local-client";
import type { ResourceName } from "../../local/pulumi/engine/engine-run";
import { waitFor } from "../support/wait-for";
import { readRelease } from "./recorded-state/recorded-state";
import { restore } from "./recorded-state/restore";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { reconcileRegions, type RegionOutputs } from "./support/reconcile-regions";
import { regionClients, writeTickets } from "./support/region-tickets";
import { documentedCommands } from "./support/runbook";
import { assertChanges, updatedInputs } from "./support/transition";

const OLD = ["byAssignee", "byStatus"];
const SHARDED = ["byAssigneeShard", "byStatusShard"];
const REGIONS = ["ireland", "singapore"] as const;
/** Pause of a client between two lists, in milliseconds. */
const LIST_PAUSE_MS = 1000;
/** Stack without a domain. */
const STACK = "singapore";

describeWithEngine("a ticket table of an earlier release", () => {
  const cloud = useEngineCloud({ distributionSeconds: 2 });
  const tickets: string[] = [];
  let stack: StackUnderTest;
  let contents: string;

  before("restores the recorded state", async () => {
    contents = mkdtempSync(join(tmpdir(), "tickets-contents-"));
    const release = readRelease();
    const recorded = release.stacks.find((one) => one.stack === STACK);
    assert.ok(recorded);
    stack = await cloud().openStack(STACK, { config: recorded.config });
    await restore({ cloud: cloud(), stack, directory: contents }, release, recorded);
    await write("written before the upgrade");
  });
  after(() => rmSync(contents, { recursive: true, force: true }));
  // Each update, also a refused one, keeps the lists of both regions complete.
  afterEach(assertListed);

  it("keeps its indexes when an update asks for sharded ones only", async () => {
    assert.match(await refusal("sharded"), refusedBy("has no sharded indexes", "sharded", "adding"));
    await assertIndexes(OLD);
  });

  it("gets the sharded indexes beside the old ones with listIndexes adding", async () => {
    await update("adding");
    await assertIndexes([...OLD, ...SHARDED]);
    await write("written while the old indexes are read");
  });

  it("keeps the old indexes when an update leaves out that lists read the sharded ones", async () => {
    assert.match(await refusal("sharded"), refusedBy("has listIndexes adding", "sharded", "reading"));
    await assertIndexes([...OLD, ...SHARDED]);
  });

  it("lists every ticket from the sharded indexes with listIndexes reading, after reconcile --stamp", async () => {
    const outputs = (await stack.outputs()).regions as RegionOutputs;
    const { stamped } = await reconcileRegions(cloud(), { aliases: REGIONS, outputs, stamp: true });
    assert.ok(stamped > 0, "The tickets of the earlier release lack the new attributes.");
    const run = await update("reading");
    assertChanges(run, {
      updated: inBothRegions(
        ...["aws:dynamodb/table:Table tickets", "aws:lambda/function:Function api-list"],
        "aws:lambda/alias:Alias api-list",
      ),
    });
    assert.deepEqual(updatedInputs(run), ["environment", "functionVersion", "tags", "tagsAll"]);
    await assertIndexes([...OLD, ...SHARDED]);
    await write("written while the sharded indexes are read");
  });

  it("loses the old indexes with listIndexes sharded", async () => {
    assertChanges(await update("sharded"), {
      updated: inBothRegions(
        ...["aws:dynamodb/table:Table tickets", "aws:iam/rolePolicy:RolePolicy api-list"],
      ),
      deleted: inBothRegions(
        ...OLD.map(
          (index) => `aws:cloudwatch/metricAlarm:MetricAlarm index-throttles-${index.toLowerCase()}`,
        ),
      ),
    });
    await assertIndexes(SHARDED);
    assertChanges(await stack.preview(), {});
  });

  /** Carries out an update of the documentation while clients list tickets, none of which may be denied. */
  async function update(listIndexes: string): ReturnType<StackUnderTest["up"]> {
    const documented = documentedCommands("docs/deploy.md", "Change existing tables to sharded indexes");
    assert.ok(documented.includes(`pulumi config set listIndexes ${listIndexes}`), documented.join("\n"));
    const apis = await regionApis();
    const before = cloud().log().length;
    let isUpdating = true;
    const list = async (api: string): Promise<void> => {
      while (isUpdating) {
        // Whether the response is late or an error depends on the load of the machine. The log tells why.
        await fetch(`${api}/tickets`).catch(() => undefined);
        await delay(LIST_PAUSE_MS);
      }
    };
    const listing = apis.map(list);
    const run = await stack
      .up({ config: { "tickets:listIndexes": listIndexes } })
      .finally(() => (isUpdating = false));
    await Promise.all(listing);
    assert.doesNotMatch(cloud().log().slice(before), /not authorized to perform: dynamodb:/);
    return run;
  }

  /** Returns the error of a refused update. */
  async function refusal(listIndexes: string): Promise<string> {
    const { error } = await stack.tryUp({ config: { "tickets:listIndexes": listIndexes } });
    assert.ok(error, `The update to ${listIndexes} succeeded.`);
    return error.message;
  }

  async function write(subject: string): Promise<void> {
    const written = await writeTickets(await regionClients(stack), subject);
    tickets.push(...written.map(({ id }) => id));
  }

  async function regionApis(): Promise<string[]> {
    const { regions } = (await stack.outputs()) as { regions: Record<string, { api: string }> };
    return Object.values(regions).map(({ api }) => api);
  }

  async function assertListed(): Promise<void> {
    for (const api of await regionApis())
      await waitFor(
        async () => {
          const listed = await listedIds(api);
          return tickets.every((id) => listed.has(id));
        },
        { what: `every ticket in the list of ${api}` },
      );
  }

  async function assertIndexes(expected: readonly string[]): Promise<void> {
    const outputs = (await stack.outputs()).regions as RegionOutputs;
    for (const { code, table } of Object.values(outputs)) {
      const endpoint = cloud().host.services.dynamodb.endpoint(code);
      const client = new DynamoDBClient(localClientConfig({ region: code, endpoint }));
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      client.destroy();
      const names = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName).sort();
      assert.deepEqual(names, [...expected].sort(), `Indexes of the table of ${code}.`);
    }
  }
});

/** Returns the names of resources of each region, from their types and the names without the region. */
function inBothRegions(...resources: readonly string[]): ResourceName[] {
  return REGIONS.flatMap((region) => resources.map((one) => one.replace(" ", ` ${region}-`)));
}

/** Returns the expected error of an update that leaves out a step. */
function refusedBy(state: string, next: string, fix: string): RegExp {
  return new RegExp(
    `${state}, so lists would lose tickets with listIndexes ${next}\\.[^]*listIndexes ${fix}\\.`,
  );
}

/** Returns the ids of all pages of a region's list. */
async function listedIds(api: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor: string | undefined = "";
  while (cursor !== undefined) {
    const response = await fetch(
      `${api}/tickets?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    const page = (await response.json()) as { tickets: { id: string }[]; cursor?: string };
    for (const { id } of page.tickets) ids.add(id);
    cursor = page.cursor;
  }
  return ids;
}
