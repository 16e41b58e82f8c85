import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import {
  describeWithEngine,
  useEngineCloud,
  type RunOptions,
  type StackUnderTest,
} from "./support/engine-cloud";
import { LiveTraffic } from "./support/live-traffic";
import { documentedCommands } from "./support/runbook";

describeWithEngine("a deployment with live traffic", () => {
  // A deployment of the distribution takes long enough for several requests of each client.
  const cloud = useEngineCloud({ distributionSeconds: 3 });
  let stack: StackUnderTest;
  let traffic: LiveTraffic;

  before(async () => {
    stack = await cloud().openStack("ireland", { config: { "tickets:publicWebsite": "true" } });
    // What a change does is tested here, not how fast a machine is that runs the engine, the program and the cloud in one process.
    for (const path of ["tickets/table", "tickets/list"])
      stack.program.replace(
        `functions/${path}.ts`,
        "requestTimeout: 2000, maxAttempts: 3",
        "requestTimeout: 8000, maxAttempts: 1",
      );
    await stack.up();
    traffic = await LiveTraffic.start(cloud(), stack);
  });
  after(() => traffic?.stop());

  function problemsDuringUp(options: RunOptions = {}): Promise<string[]> {
    return traffic.during(() => stack.up(options));
  }

  it("fails no request while handlers change", async () => {
    stack.program.replace("functions/shared/log.ts", '"Answered"', '"Responded"');
    assert.deepEqual(await problemsDuringUp(), []);
  });

  it("fails no request while an environment variable is renamed", async () => {
    stack.program.replace("regional/ticket-routes.ts", "{ TABLE_NAME:", "{ TICKET_TABLE:");
    for (const path of ["tickets/table", "tickets/list", "health/health", "routing/routing"])
      stack.program.replace(`functions/${path}.ts`, '("TABLE_NAME")', '("TICKET_TABLE")');
    assert.deepEqual(await problemsDuringUp(), []);
  });

  it("fails no request while the web UI changes", async () => {
    const html = stack.program.read("ui/dist/index.html");
    stack.program.write("ui/dist/index.html", html.replace("<title>Tickets", "<title>More tickets"));
    assert.deepEqual(await problemsDuringUp(), []);
  });

  it("fails no request while the distribution replaces public websites", async () => {
    assert.deepEqual(await problemsDuringUp({ config: { "tickets:publicWebsite": undefined } }), []);
  });

  it("fails no request while a domain is added", async () => {
    assert.deepEqual(await problemsDuringUp({ config: { "tickets:domainName": "tickets.test" } }), []);
  });

  it("fails no request while the roles are swapped", async () => {
    assert.deepEqual(await problemsDuringUp({ config: { "tickets:primary": "singapore" } }), []);
  });

  it("fails no request while the domain is removed", async () => {
    const [unprotect] = documentedCommands("docs/deploy.md", "Remove the domain");
    await stack.shell(unprotect);
    assert.deepEqual(await problemsDuringUp({ config: { "tickets:domainName": undefined } }), []);
  });

  it("fails no request while public websites replace the distribution", async () => {
    assert.deepEqual(await problemsDuringUp({ config: { "tickets:publicWebsite": "true" } }), []);
  });

  it("fails no request while a distribution under a domain replaces public websites", async () => {
    const [{ zoneId }] = cloud().host.services.route53.zones();
    const config = {
      "tickets:publicWebsite": undefined,
      "tickets:domainName": "tickets.test",
      "tickets:hostedZoneId": zoneId,
    };
    assert.deepEqual(await problemsDuringUp({ config }), []);
  });

  it("has lost no acknowledged ticket in any region", async () => {
    await traffic.stop();
    assert.ok(traffic.acknowledged.length > 0);
    const { regions } = (await stack.outputs()) as { regions: Record<string, { api: string }> };
    for (const { api } of Object.values(regions))
      for (const { id, subject } of traffic.acknowledged)
        await waitFor(
          async () => {
            const response = await fetch(`${api}/tickets/${id}`);
            return (
              response.status === 200 && ((await response.json()) as { subject: string }).subject === subject
            );
          },
          { what: `ticket ${id} at ${api}` },
        );
  });
});
