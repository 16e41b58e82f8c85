import assert from "node:assert/strict";
import type { Image } from "../../../functions/shared/image";
import { nextVersion } from "../../../functions/replication/version";
import { toImage } from "../../../testing/attribute-values";
import type { RunningCloud } from "../../../testing/running-cloud";
import { useLocalCloud } from "../../support/use-local-cloud";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../../testing/tickets";
import { waitFor } from "../../support/wait-for";
import type { LocalRegion } from "../../support/local-region";
import { type CommandResult, expectCode, runHere } from "../support/run-command";

const DAY = 24 * 60 * 60_000;

describe("redrive of a poison record on a running local cloud", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let ireland: LocalRegion;
  let singapore: LocalRegion;

  useLocalCloud(
    ["--no-domain", "--queue-count-lag", "2"],
    (running) => ({ cloud, ireland, singapore } = running),
  );

  const run = (...args: string[]): Promise<CommandResult> =>
    runHere(["redrive", ...args, `--local=${cloud.addresses.console}`]);

  /** Writes an item that cannot be replicated, and waits until its record is quarantined. */
  async function poison(id: string): Promise<void> {
    await ireland.put(toImage({ ...ticketItem({ id }), version: "rubbish" }) as Image);
    await waitFor(async () => (await ireland.messages()) === 1, { what: "the record in quarantine" });
  }

  it("removes the record after the item was repaired", async () => {
    const { id } = await ireland.api.create("Written by the API");
    await waitFor(() => singapore.api.find(id), { what: "the ticket in Singapore" });
    await poison(id);
    const failing = await run();
    expectCode(failing, 1);
    assert.match(
      failing.out,
      /Fix the item, then run this command again\.\n0 applied, 0 stale, 1 still failing\./,
    );
    assert.equal(await ireland.messages(), 1);

    await ireland.edit(id, "Fixed");
    await waitFor(async () => (await singapore.api.find(id))?.subject === "Fixed", {
      what: "the edit in Singapore",
    });
    const dryRun = await run("--dry-run");
    expectCode(dryRun, 0);
    assert.match(dryRun.out, /would be removed as settled: both regions have version/);
    assert.match(dryRun.out, /would apply 0; 0 stale, 1 settled, 0 still failing\. Nothing was changed\./);
    assert.equal(await ireland.messages(), 1);

    const result = await run();
    expectCode(result, 0);
    assert.match(result.out, new RegExp(`${id}: settled: both regions have version \\S+ now\\.`));
    assert.match(result.out, /\n0 applied, 0 stale, 1 settled, 0 still failing\./);
    assert.match(result.out, /^\{"timestamp":.*"event":"settle",.*"version":\{"S":"rubbish"\}.*\}$/m);
    assert.equal(await ireland.messages(), 0);
    assert.match((await run()).out, /0 applied, 0 stale, 0 still failing\./);
  });

  it("removes a record that is too old, if both regions have its item", async () => {
    const { id } = await ireland.api.create("Known in both");
    await waitFor(() => singapore.api.find(id), { what: "the ticket in Singapore" });
    const version = nextVersion(IRELAND, Date.now() - 40 * DAY, undefined);
    await ireland.fail(inserted(ticketItem({ id, version }), 1));
    const result = await run();
    expectCode(result, 0);
    assert.match(result.out, /0 applied, 0 stale, 1 settled, 0 still failing\./);
    assert.equal(await ireland.failures(), 0);
  });

  it("keeps the record until --discard with a reason, and then prints it in full", async () => {
    await poison(idOf(201));
    for (const empty of ["--discard=", "--discard= "]) {
      const refused = await run(empty);
      expectCode(refused, 2);
      assert.match(
        refused.errors,
        /^--discard "…" needs a reason; it is recorded with the operator and the time\.\n$/,
      );
    }
    const dryRun = await run("--discard", "put there by hand", "--dry-run");
    expectCode(dryRun, 1);
    assert.match(dryRun.out, /would apply 0, discard 1; 0 stale, 0 still failing\. Nothing was changed\./);
    assert.equal(await ireland.messages(), 1);

    const result = await run("--discard", "put there by hand");
    expectCode(result, 0);
    assert.match(result.out, /\n0 applied, 0 stale, 1 discarded, 0 still failing\.\n$/);
    const line = result.out.split("\n").find((text) => text.startsWith("{")) ?? "";
    const { event, by, reason, record } = JSON.parse(line);
    assert.deepEqual([event, reason], ["discard", "put there by hand"]);
    assert.match(by, /^operator ./);
    assert.equal(record.dynamodb.NewImage.version.S, "rubbish");
    assert.equal(await ireland.messages(), 0);
    assert.equal((await ireland.item(idOf(201)))?.version.S, "rubbish");
  });

  // Last, because the message stays hidden.
  it("reports a message that another run hid just before, which no count shows yet", async () => {
    await singapore.quarantine(inserted(ticketItem({ id: idOf(202) }), 1));
    await singapore.hide();
    const result = await run();
    expectCode(result, 1);
    assert.match(result.out, /0 applied, 0 stale, 0 still failing\./);
    assert.match(
      result.out,
      /^About 1 messages of singapore are hidden by another run\. Run this command again in/m,
    );
  });
});
