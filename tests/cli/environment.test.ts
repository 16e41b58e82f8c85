import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Addresses } from "../../local/addresses";
import { callApi } from "../../operations/cli/http-request";
import { expectCode, runProcess } from "../operations/support/run-command";
import { HOSTILE_ENVIRONMENT } from "../support/hostile-environment";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { Command } from "./command";

describe("npm start and the operator's commands with AWS and proxy settings in the environment", function () {
  let home: string;
  let command: Command;
  let addresses: Addresses;
  let env: Record<string, string>;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".aws"));
    const config = join(home, ".aws", "config");
    writeFileSync(
      config,
      "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\nregion = mars-north-1\n",
    );
    env = { ...HOSTILE_ENVIRONMENT, HOME: home, AWS_CONFIG_FILE: config, AWS_PROFILE: "default" };
    command = new Command(["--json", "--port", "0", "--no-types"], undefined, { env });
    addresses = JSON.parse(await command.line(/^\{"stack"/)) as Addresses;
  });
  after(async () => {
    await command?.dispose();
    rmSync(home, { recursive: true });
  });

  it("serves, replicates both ways and responds at the failover name", async () => {
    const { ireland, singapore } = addresses.regions;
    for (const [from, to] of [
      [ireland, singapore],
      [singapore, ireland],
    ]) {
      const { id } = await new RegionClient(from.api).create("Sent without a proxy");
      await waitFor(() => new RegionClient(to.api).find(id), {
        what: "the ticket in the other region",
        withinMs: 60_000,
      });
    }
    const url = `${addresses.frontDoor["api.tickets.test"]}/health`;
    const { status } = await callApi({ method: "GET", url, addresses: ["127.0.0.1"], limitMs: 10_000 });
    assert.equal(status, 200);
    assert.doesNotMatch(command.errors.join("\n"), /socket hang up|ECONNREFUSED|127\.0\.0\.1:9\b/);
  });

  for (const name of ["status", "reconcile", "redrive"])
    it(`connects to the local cloud and its services with npm run ${name} -- --local`, async () => {
      const args = name === "status" ? [] : ["--dry-run"];
      const result = await runProcess([name, `--local=${addresses.console}`, ...args], env);
      expectCode(result, 0);
      assert.doesNotMatch(result.out + result.errors, /ECONNREFUSED|FIPS|proxy/i);
    });
});
