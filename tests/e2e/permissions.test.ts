import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Evaluation } from "../../local/aws/iam/decision-log";
import type { ProjectCopy } from "../../testing/project-copy";
import type { RunningCloud } from "../../testing/running-cloud";
import { idOf } from "../../testing/tickets";
import { runHere } from "../operations/support/run-command";
import {
  differentlyDecided,
  recordedCalls,
  unprovenRights,
  type RecordedCall,
} from "../program/permissions/needed-rights";
import { rightsOf, type Right } from "../program/permissions/rights";
import { rowOf, WITH_DOMAIN_AND_KEYS } from "../program/permissions/rows";
import { UNEXERCISED_RIGHTS } from "../program/permissions/unexercised";
import { LocalRegion } from "../support/local-region";
import { malformedItem } from "../support/malformed-item";
import { drainProgram } from "../support/mocked-program";
import { useCloudOfCopy } from "../support/use-local-cloud";
import { waitFor } from "../support/wait-for";

/** First line of the configuration of the stack. */
const FIRST_LINE = "config:\n";

describe("permissions of the functions", function () {
  this.timeout(240_000);

  let logFile: string;
  let cloud: RunningCloud;
  let regions: readonly [LocalRegion, LocalRegion];
  let rights: Right[];

  before(async () => {
    rights = rightsOf(await drainProgram({ stack: "ireland", config: WITH_DOMAIN_AND_KEYS }));
  });
  const optionsIn = (project: ProjectCopy): string[] => {
    const keys = WITH_DOMAIN_AND_KEYS["tickets:kmsKeys"];
    project.edit("Pulumi.ireland.yaml", FIRST_LINE, `${FIRST_LINE}  tickets:kmsKeys: ${keys}\n`);
    logFile = join(project.folder, "decisions.jsonl");
    return ["--speed", "20", "--iam-log", logFile];
  };
  useCloudOfCopy(optionsIn, (running) => {
    cloud = running;
    const { ireland, singapore } = cloud.addresses.regions;
    regions = [new LocalRegion(ireland), new LocalRegion(singapore)];
  });

  it("suffice for every route of both regions", async () => {
    for (const region of regions) await callEveryRoute(region);
  });

  it("suffice for replication both ways, and for a conflict and its resolution", async () => {
    const [ireland, singapore] = regions;
    const { id } = await ireland.api.create("Edited in both regions");
    await waitFor(() => singapore.api.find(id), { what: "the ticket in Singapore" });
    await cloud.setRegion("ireland", "isolated");
    for (const region of regions) await region.edit(id, `Edited in ${region.at.code}`);
    await cloud.setRegion("ireland", "up");
    for (const region of regions)
      await waitFor(async () => (await region.api.conflicts(id)).length === 1, {
        what: `the conflict in ${region.at.code}`,
      });
    await waitFor(async () => (await ireland.api.find(id))?.subject === "Edited in ap-southeast-1", {
      what: "Singapore's edit in Ireland",
    });
    for (const region of regions) {
      const [{ losingVersion }] = await region.api.conflicts(id);
      await region.api.edit(id, { resolvedConflict: losingVersion });
    }
  });

  it("suffice for a takeover while a region is down, and for the failback", async () => {
    const [, singapore] = regions;
    await cloud.setRegion("ireland", "down");
    await waitFor(async () => (await singapore.item("routing-ap-southeast-1"))?.takeover?.BOOL, {
      what: "the takeover",
    });
    await cloud.setRegion("ireland", "up");
    const failback = ["failback", "--minutes", "0", `--local=${cloud.addresses.console}`];
    await waitFor(async () => (await runHere(failback)).code === 0, {
      what: "the gates of failback to open",
    });
  });

  it("suffice for the quarantine, and for the failure bucket when the queue is missing", async () => {
    for (const region of regions) {
      await region.put(malformedItem(idOf(1), region.at.code));
      await waitFor(async () => (await region.messages()) === 1, { what: "the record in quarantine" });
      await deleteQuarantine(region);
      await region.put(malformedItem(idOf(2), region.at.code));
      await waitFor(async () => (await region.failures()) === 1, {
        what: "the record in the failure bucket",
      });
    }
  });

  it("are all needed, except those that are listed with the reason", async () => {
    const unproven = (): string[] => unprovenRights(rights, recorded()).map(inWords).sort();
    const listed = rights.filter(isListed).map(inWords).sort();
    // The last calls of replication, a heartbeat or a sentinel may still be missing.
    await waitFor(() => unproven().length <= listed.length, {
      what: "a use of every other right",
      withinMs: 30_000,
    }).catch(() => undefined);
    assert.deepEqual(
      unproven(),
      listed,
      "The first list has the rights that no call needed. Remove them from the policy. If AWS needs a right that the local cloud never " +
        "exercises, add it to tests/program/permissions/unexercised.ts with its page. Remove from that list what is exercised now.",
    );
  });

  it("were asked for nothing else, and decided each call as the policies of the program do", () => {
    const calls = recorded();
    assert.ok(calls.length > 100, `${calls.length}`);
    assert.deepEqual(
      calls.filter(({ allowed }) => !allowed),
      [],
    );
    assert.deepEqual(differentlyDecided(rights, calls), []);
  });

  /** Returns the calls that the local cloud has recorded so far. */
  function recorded(): RecordedCall[] {
    const text = readFileSync(logFile, "utf8");
    // A line that is being written has no end yet.
    const lines = text.slice(0, text.lastIndexOf("\n")).split("\n");
    return recordedCalls(lines.map((line) => JSON.parse(line) as Evaluation));
  }
});

async function callEveryRoute({ at, api }: LocalRegion): Promise<void> {
  const get = (path: string, expected = 200): Promise<unknown> =>
    waitFor(
      async () => {
        const response = await fetch(`${at.api}${path}`);
        return response.status === expected && ((await response.json()) as unknown);
      },
      { what: `GET ${path} in ${at.code}` },
    );
  // On a busy machine the first request of a function can time out; a client would retry it, too.
  const { id } = await waitFor(() => api.create("First", `first-${at.code}`), { what: "the first ticket" });
  // A repeated request reads the ticket that exists.
  await api.create("First", `first-${at.code}`);
  await waitFor(() => api.edit(id, { assignee: "Grace" }), { what: "the edit" });
  for (const path of ["/tickets", "/tickets?assignee=Grace"])
    await waitFor(async () => ((await get(path)) as { tickets: unknown[] }).tickets.length > 0, {
      what: `the ticket in GET ${path}`,
    });
  for (const path of [`/tickets/${id}`, `/tickets/${id}/conflicts`, "/conflicts", "/health", "/routing"])
    await get(path);
  await get("/openapi.json");
  await get("/unknown", 404);
  await waitFor(() => api.delete(id).then(() => true), { what: "the delete" });
}

async function deleteQuarantine({ at }: LocalRegion): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new SQSClient({ region: at.code, endpoint: at.sqs, credentials });
  await client.send(new DeleteQueueCommand({ QueueUrl: at.quarantineQueue }));
  client.destroy();
}

function isListed(right: Right): boolean {
  const { role, effect, action, resource } = rowOf(right);
  const isFunction = !role.endsWith("-schedule");
  return UNEXERCISED_RIGHTS.some(
    (listed) =>
      (listed.role === role || (listed.role === "*" && isFunction)) &&
      listed.effect === effect &&
      listed.action === action &&
      listed.resource.replace("<function>", role) === resource,
  );
}

function inWords(right: Right): string {
  const { resource, condition } = rowOf(right);
  return [right.role, right.effect, right.action, resource, condition].join(" | ");
}
