import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalDynamoDB } from "../../local/aws/dynamodb/dynamodb";
import { Regions } from "../../local/aws/regions";
import type { Addresses } from "../../local/addresses";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { Command } from "./command";

describe("npm start", function () {
  this.timeout(120_000);

  const commands: Command[] = [];
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "cli-data-"));
  });
  afterEach(async () => {
    await Promise.all(commands.splice(0).map((command) => command.dispose()));
    rmSync(directory, { recursive: true, force: true });
  });

  function start(...args: string[]): Command {
    const command = new Command(["--port", "0", "--no-types", ...args]);
    commands.push(command);
    return command;
  }

  /** Starts the command with `--json` and parses the line on standard output. */
  async function startJson(...args: string[]): Promise<{ command: Command; addresses: Addresses }> {
    const command = start("--json", ...args);
    return { command, addresses: JSON.parse(await command.line(/^\{"stack"/)) as Addresses };
  }

  async function assertStops(command: Command, signal: NodeJS.Signals): Promise<void> {
    command.signal(signal);
    assert.equal(await command.exitCode(), 0, command.allOutput());
    assert.deepEqual(command.leftovers(), []);
  }

  it("prints its steps, the addresses and the log until Ctrl-C", async () => {
    const command = start();
    await command.line(/^Press Ctrl-C to stop\.$/);
    const webUi = new URL(String(/http:\S+/.exec(await command.line(/^ {2}app\.tickets\.test/))));
    const api = /http:.*(?=\/tickets)/.exec(await command.line(/^ {2}ireland API/))?.[0];
    // A function may log at any moment, for example that a heartbeat was replicated.
    const own = command.output.filter((line) => !/^(ireland|singapore)[ :]/.test(line));
    assert.deepEqual(own.slice(0, 4), [
      "Starting ireland (eu-west-1) and singapore (ap-southeast-1) …",
      "Running the program for stack ireland …",
      command.output.find((line) => /^Created \d+ resources\.$/.test(line)),
      "",
    ]);
    assert.match(await throughGateway(webUi), /<html/);

    await new RegionClient(String(api)).create("Seen on the terminal");
    await command.line(/^ireland: POST \/tickets 201, \d+ ms, request \S+$/);
    // On a busy machine, the ticket shares its batch with heartbeats.
    await command.line(/^ireland ireland-to-singapore: replicated, records \d+, items \d+, applied \d+$/);
    assert.ok(command.childProcesses().length > 0);
    await assertStops(command, "SIGINT");
    // A function may still log in between.
    assert.ok(command.output.includes("Stopping …"));
    assert.equal(command.output.at(-1), "Stopped.");
    assert.deepEqual(command.errors, []);
  });

  it("stops at Ctrl-C while it starts", async () => {
    const command = start("--json");
    await command.line(/^Running the program/);
    await assertStops(command, "SIGINT");
    assert.deepEqual(command.output, []);
    assert.equal(command.errors.at(-1), "Stopped.");
  });

  it("keeps tickets in --data and completes replication after a restart", async () => {
    const args = ["--stack", "singapore", "--data", join(directory, "data")];
    const first = await startJson(...args);
    const { dns, names, regions, console: url } = first.addresses;
    assertEveryAddress(first.addresses);
    // The inverted check of a takeover is unhealthy until its first result.
    await waitFor(async () => (await answerFor(dns, "api.tickets.test")) === "127.0.0.12", {
      what: "DNS to answer Singapore",
    });
    assert.deepEqual(Object.keys(names).sort(), [
      "api.tickets.test",
      "app.tickets.test",
      "ireland.tickets.test",
      "singapore.tickets.test",
    ]);
    const body = JSON.stringify({ state: "isolated" });
    const headers = { "content-type": "application/json" };
    assert.equal((await fetch(`${url}/regions/ireland`, { method: "POST", headers, body })).status, 200);
    const { id } = await new RegionClient(regions.ireland.api).create("Written before the restart");
    assert.deepEqual(await new RegionClient(regions.singapore.api).ids(), []);
    await assertStops(first.command, "SIGTERM");
    assert.equal(first.command.output.length, 1);

    const second = await startJson(...args);
    const { ireland, singapore } = second.addresses.regions;
    assert.equal(ireland.table, regions.ireland.table);
    assert.deepEqual(await new RegionClient(ireland.api).ids(), [id]);
    await waitFor(() => new RegionClient(singapore.api).find(id), { what: "the ticket in Singapore" });
    await assertStops(second.command, "SIGINT");
  });

  it("runs without a domain on another DynamoDB", async () => {
    const code = "eu-west-1";
    const regions = new Regions([{ name: "elsewhere", code }]);
    const dynamodb = await LocalDynamoDB.start({ regions, log: () => undefined });
    try {
      const { command, addresses } = await startJson(
        "--no-domain",
        "--dynamodb-endpoint",
        dynamodb.endpoint(code),
      );
      assert.deepEqual([addresses.dns, addresses.names, addresses.caFile], [null, {}, null]);
      const [[name, url], ...others] = Object.entries(addresses.frontDoor);
      assert.match(name, /^d[0-9a-z]{13}\.cloudfront\.net$/);
      assert.deepEqual(others, []);
      assert.match(await throughGateway(new URL(url)), /<html/);
      const [ireland, singapore] = Object.values(addresses.regions);
      assert.notEqual(ireland.table, singapore.table);
      await assertReplicates(ireland.api, singapore.api);
      await assertReplicates(singapore.api, ireland.api);
      for (const { ui } of [ireland, singapore]) assert.equal(ui, undefined);
      await assertStops(command, "SIGTERM");
    } finally {
      await dynamodb.close();
    }
  });
});

function assertEveryAddress({ regions, dns, caFile, frontDoor, console: url }: Addresses): void {
  assert.deepEqual(Object.keys(regions), ["ireland", "singapore"]);
  for (const { api, ui, dynamodb, table } of Object.values(regions)) {
    for (const address of [api, dynamodb]) assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(ui, undefined, "CloudFront serves the web UI of both regions");
    assert.match(table, /^(ireland|singapore)-tickets-[0-9a-f]{7}$/);
  }
  assert.match(String(dns), /^127\.0\.0\.1:\d+$/);
  assert.match(url, /^http:\/\/localhost:\d+$/);
  assert.deepEqual(Object.keys(frontDoor), ["api.tickets.test", "app.tickets.test"]);
  assert.ok(existsSync(String(caFile)));
}

/** Returns the response that a browser receives for a name under `localhost`, which not every system resolves. */
async function throughGateway({ host, port }: URL): Promise<string> {
  const outgoing = request({ host: "127.0.0.1", port, headers: { host } }).end();
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return text;
}

async function answerFor(dns: string | null, name: string): Promise<string> {
  const resolver = new Resolver();
  resolver.setServers([String(dns)]);
  return (await resolver.resolve4(name))[0];
}

async function assertReplicates(from: string, to: string): Promise<void> {
  const { id } = await new RegionClient(from).create("In flight");
  await waitFor(() => new RegionClient(to).find(id), { what: "the ticket in the other region" });
}
