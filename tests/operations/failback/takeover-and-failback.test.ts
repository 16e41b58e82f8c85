import assert from "node:assert/strict";
import { nextVersion } from "../../../functions/replication/version";
import type { StatusReport } from "../../../operations/status/report";
import type { RunningCloud } from "../../../testing/running-cloud";
import { useLocalCloud } from "../../support/use-local-cloud";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../../testing/tickets";
import { waitFor } from "../../support/wait-for";
import { lastEventOf, type LocalRegion } from "../../support/local-region";
import { CommandResult, expectCode, killedAfterCall, runHere, runProcess } from "../support/run-command";

const ROUTING = "routing-ap-southeast-1";
/** Number of refusals that the machine may cause. */
const MAXIMUM_REFUSALS = 5;

describe("takeover, failback and status on a running local cloud", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let ireland: LocalRegion;
  let singapore: LocalRegion;

  // At real speed, no outage in these tests is long enough for the sentinel to take over.
  useLocalCloud(
    ["--speed", "1", "--queue-count-lag", "0"],
    (running) => ({ cloud, ireland, singapore } = running),
  );

  const here = (): string => `--local=${cloud.addresses.console}`;
  const command = (...args: string[]): Promise<CommandResult> => runHere([...args, here()]);
  const takeOver = (...args: string[]): Promise<CommandResult> =>
    command("takeover", "--reason", "Ireland burns", "--yes", ...args);
  const failBack = (...args: string[]): Promise<CommandResult> =>
    command("failback", ...(args.includes("--force") ? [] : ["--minutes", "0", "--max-lag", "20"]), ...args);
  const hasTakenOver = async (): Promise<boolean | undefined> =>
    (await singapore.item(ROUTING))?.takeover.BOOL;
  const lastEvent = (): Promise<Record<string, string | undefined>> => lastEventOf(singapore);
  const status = async (): Promise<StatusReport & { concerns: string[] }> =>
    JSON.parse((await command("status", "--json")).out) as StatusReport & { concerns: string[] };

  it("status reports both regions, their roles and the DNS answer", async () => {
    const report = await waitFor(
      async () => {
        const now = await status();
        return now.serving === "ireland" && now.regions.every(({ health }) => health.ok) && now;
      },
      { what: "both regions to be healthy, and DNS to resolve to Ireland", withinMs: 60_000 },
    );
    assert.deepEqual(
      report.regions.map(({ name, role, takeover }) => [name, role, takeover]),
      [
        ["ireland", "primary", { value: { takeover: false } }],
        ["singapore", "secondary", { value: { takeover: false } }],
      ],
    );
    assert.deepEqual(
      report.names.map(({ name }) => name),
      ["api.tickets.test", "ireland.tickets.test", "singapore.tickets.test"],
    );
    assert.deepEqual(report.names[0].addresses, report.names[1].addresses);
    assert.ok(report.checks && "value" in report.checks);
    assert.equal(report.checks.value.length, 6);
    assert.equal(report.failback, "gated");
    assert.deepEqual(
      report.replication.map(({ quarantined }) => quarantined),
      [{ value: 0 }, { value: 0 }],
    );
  });

  it("takeover --dry-run changes nothing", async () => {
    const result = await takeOver("--dry-run");
    expectCode(result, 0);
    assert.match(result.out, /would change one item so that singapore takes over from ireland/);
    assert.equal(await singapore.item(ROUTING), undefined);
  });

  it("takeover writes one item in the secondary, once, while the primary is down", async () => {
    await cloud.setRegion("ireland", "down");
    const result = await runProcess(["takeover", "--reason", "Ireland burns", "--yes", here()], {
      USER: "ada",
      SUDO_USER: "",
    });
    await cloud.setRegion("ireland", "up");
    expectCode(result, 0);
    const event = JSON.parse(result.out.split("\n").find((line) => line.startsWith("{")) ?? "");
    assert.deepEqual(
      [event.event, event.by, event.region, event.reason],
      ["takeover", "operator ada", "ap-southeast-1", "Ireland burns"],
    );
    assert.equal(await hasTakenOver(), true);
    const again = await takeOver();
    expectCode(again, 0);
    assert.match(again.out, /had already taken over: operator ada, .*: Ireland burns\. Nothing was changed/);
    assert.equal((await singapore.item(ROUTING))?.revision.N, "1");
    assert.equal(await ireland.item("routing-eu-west-1"), undefined);
  });

  it("status reports the takeover and its operator, and exits with code 1", async () => {
    const report = await status();
    assert.ok(
      report.concerns.includes(`singapore has taken over. To return service: npm run failback -- ${here()}.`),
    );
    assert.deepEqual(
      report.events.map(({ what, by, region }) => [what, by, region]),
      [["takeover", "operator ada", "singapore"]],
    );
    const text = await command("status");
    expectCode(text, 1);
    assert.match(text.out, /TAKEN OVER by operator ada/);
  });

  it("DNS resolves to Singapore because of its /routing response", async () => {
    await waitFor(async () => (await status()).serving === "singapore", {
      what: "DNS to lead to Singapore",
      withinMs: 60_000,
    });
    const body = await (await fetch(`${singapore.at.api}/routing`)).text();
    // The primary is left out while the look-up of its name takes too long.
    assert.match(body, /^\{"takeover":true,"region":"ap-southeast-1","at":"[^"]+"(,"primary":"ireland")?\}$/);
  });

  it("failback --dry-run prints every gate and keeps the takeover", async () => {
    const result = await failBack("--dry-run");
    expectCode(result, 0);
    const gates = result.out.split("\n").filter((line) => /^(ok {4}|NOT OK) /.test(line));
    assert.equal(gates.length, 4, result.out);
    assert.match(
      gates.join("\n"),
      /ireland has been healthy.*\n.*reach ireland.*\n.*are empty.*\n.*reconcile finds no differences/,
    );
    assert.match(result.out, /Dry run: service would return to ireland/);
    assert.equal(await hasTakenOver(), true);
    const tooSoon = await command("failback", "--minutes", "1440", "--dry-run");
    expectCode(tooSoon, 1);
    assert.match(tooSoon.out, /NOT OK {2}ireland has been healthy for 1440\.0 min: only for/);
  });

  it("failback is rejected while records are quarantined, tables differ, or the primary is down", async () => {
    const version = nextVersion(IRELAND, Date.now(), undefined);
    await ireland.quarantine(inserted(ticketItem({ id: idOf(1), version }), 1));
    const quarantined = await failBack();
    expectCode(quarantined, 1);
    assert.match(quarantined.out, /NOT OK {2}quarantine queues .*are empty.*ireland: 1 in quarantine/);
    expectCode(await command("redrive"), 0);
    // Only Singapore has the ticket now, as if Ireland had lost it.
    const differing = await failBack();
    expectCode(differing, 1);
    assert.match(differing.out, /NOT OK {2}reconcile finds no differences: 1 difference in/);
    expectCode(await command("reconcile"), 1);

    await cloud.setRegion("ireland", "down");
    const away = await failBack();
    const forced = await failBack("--force", "I know better", "--dry-run");
    await cloud.setRegion("ireland", "up");
    expectCode(away, 1);
    expectCode(forced, 0);
    assert.match(forced.out, /^ireland is unhealthy \(.*\): .* without checking that it has caught up\.$/m);
    assert.equal(away.out.match(/NOT OK/g)?.length, 4, away.out);
    assert.equal(await hasTakenOver(), true);
  });

  for (const [name, args, taken] of [
    ["takeover", ["--reason", "Ireland burns", "--yes"], true],
    ["failback", ["--minutes", "0", "--max-lag", "20"], false],
  ] as const)
    it(`${name} is atomic if killed after any call, and a rerun completes it`, async () => {
      if ((await hasTakenOver()) === taken)
        expectCode(await (taken ? failBack("--force", "Again") : takeOver()), 0);
      const revision = async (): Promise<number> => Number((await singapore.item(ROUTING))?.revision.N);
      const before = await revision();
      let call = 0;
      let refusals = 0;
      while ((await revision()) === before) {
        assert.equal(await hasTakenOver(), !taken);
        const ended = await killedAfterCall(call, [name, ...args, here()]);
        if (ended.killed)
          assert.notEqual(ended.code, 0, `It succeeded although it was killed after ${call} calls.`);
        // The lag gate reads until its probe has arrived, so a run can need fewer calls than the one before.
        if (ended.code === 0) break;
        if (ended.killed) call++;
        // On a busy machine a region can respond too late for a check of the command, which then refuses.
        else assert.ok(++refusals <= MAXIMUM_REFUSALS, `It refused again and again after ${call} calls.`);
      }
      assert.deepEqual([await hasTakenOver(), await revision()], [taken, before + 1]);
      assert.equal((await lastEvent()).what, name);
      expectCode(await (taken ? takeOver() : failBack()), 0);
      assert.deepEqual([await hasTakenOver(), await revision()], [taken, before + 1]);
    });

  it("failback reports that there is no takeover", async () => {
    const result = await failBack();
    expectCode(result, 0);
    assert.match(result.out, /singapore has not taken over\. There is nothing to fail back/);
  });

  it("failback --force skips the gates and records the reason", async () => {
    expectCode(await takeOver(), 0);
    await ireland.quarantine(inserted(ticketItem({ id: idOf(2) }), 2));
    const result = await command("failback", "--force", "The gate is wrong");
    expectCode(result, 0);
    assert.doesNotMatch(result.out, /^(ok|NOT OK) /m);
    const { what, reason } = await lastEvent();
    assert.deepEqual([what, reason], ["forced failback", "The gate is wrong"]);
  });

  it("failback ends a takeover left in the primary from when it was the secondary", async () => {
    const text = (S: string): { S: string } => ({ S });
    const last = { by: text("sentinel"), at: text("2025-11-23T13:20:00.000Z"), reason: text("long ago") };
    const left = {
      id: text("routing-eu-west-1"),
      revision: { N: "4" },
      takeover: { BOOL: true },
      ...last,
      events: { L: [{ M: { what: text("takeover"), ...last } }] },
    };
    await ireland.put(left);
    assert.match((await status()).concerns.join(), /ireland is the primary, but holds a leftover takeover/);
    const result = await failBack();
    expectCode(result, 0);
    assert.match(result.out, /Ended a takeover of ireland from when it was the secondary/);
    assert.equal((await ireland.item("routing-eu-west-1"))?.takeover.BOOL, false);
  });

  it("takeover rejects an unhealthy secondary, except with --force if its table responds", async () => {
    await cloud.setRegion("singapore", "api-down");
    const refused = await takeOver();
    const forced = await takeOver("--force");
    await cloud.setRegion("singapore", "up");
    expectCode(refused, 2);
    assert.match(refused.errors, /^singapore is unhealthy \(it returned 503\).*--force\.\n$/);
    expectCode(forced, 0);
    assert.equal(await hasTakenOver(), true);
  });

  it("status and takeover name the region that does not respond", async () => {
    await cloud.setRegion("singapore", "down");
    const [seen, failed] = [await status(), await takeOver("--force")];
    await cloud.setRegion("singapore", "up");
    assert.match(
      seen.concerns.join("\n"),
      /^singapore does not respond: .*\. No failover is possible until it is healthy\.$/m,
    );
    expectCode(failed, 2);
    assert.match(
      failed.errors,
      /^The table singapore-tickets-\w+ of singapore \(ap-southeast-1\) cannot be read .* Nothing was changed\.$/m,
    );
  });
});
