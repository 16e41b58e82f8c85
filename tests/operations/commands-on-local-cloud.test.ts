import assert from "node:assert/strict";
import { readFile, rm, writeFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Image } from "../../functions/shared/image";
import { nextVersion } from "../../functions/replication/version";
import { toImage } from "../../testing/attribute-values";
import type { RunningCloud } from "../../testing/running-cloud";
import { useLocalCloud } from "../support/use-local-cloud";
import { inserted } from "../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../testing/tickets";
import { waitFor } from "../support/wait-for";
import type { LocalRegion } from "../support/local-region";
import { CommandResult, expectCode, runHere, runProcess } from "./support/run-command";

describe("Operator commands on a running local cloud", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let ireland: LocalRegion;
  let singapore: LocalRegion;

  useLocalCloud(
    ["--no-domain", "--queue-count-lag", "5"],
    (running) => ({ cloud, ireland, singapore } = running),
  );

  const run = (...args: string[]): Promise<CommandResult> =>
    runHere([...args, `--local=${cloud.addresses.console}`]);

  it("reconcile rejects a table that existed before replication, and accepts it with --stamp", async () => {
    const plain = { id: { S: idOf(1) }, subject: { S: "From before" } };
    await ireland.put(plain);
    const refused = await run("reconcile");
    expectCode(refused, 2);
    assert.match(
      refused.errors,
      /^The items of the table in ireland \(eu-west-1\) have no version and origin\. To add them, use --stamp\.\n$/,
    );
    assert.deepEqual([await ireland.items(), await singapore.items()], [[plain], []]);

    expectCode(await run("reconcile", "--stamp"), 1);
    assert.equal((await ireland.item(idOf(1)))?.origin.S, IRELAND);
    await waitFor(() => singapore.item(idOf(1)), { what: "the item from before in Singapore" });
    expectCode(await run("reconcile", "--deep"), 0);
  });

  describe("reconcile after a network partition", () => {
    let conflicted: string;
    before(async () => {
      const ticket = await ireland.api.create("Known in both");
      conflicted = ticket.id;
      await waitFor(() => singapore.api.find(ticket.id), { what: "the ticket in Singapore" });
      await cloud.setRegion("ireland", "isolated");
      await ireland.api.create("Ireland's alone");
      await singapore.api.create("Singapore's alone");
      await ireland.edit(ticket.id, "Ireland's edit");
      await singapore.edit(ticket.id, "Singapore's edit");
    });

    it("finds the differences in a dry run and changes nothing", async () => {
      const before = [await ireland.items(), await singapore.items()];
      const result = await run("reconcile", "--dry-run");
      expectCode(result, 1);
      assert.match(result.out, /Would repair: .*2 in ireland/);
      assert.match(result.out, /1 of those are conflicts/);
      assert.deepEqual([await ireland.items(), await singapore.items()], before);
    });

    it("copies every write to both regions and records the losing version of a conflict", async () => {
      const result = await run("reconcile", "--segments", "2");
      expectCode(result, 1);
      assert.match(result.out, /1 of those were conflicts/);
      assert.deepEqual(await ireland.items(), await singapore.items());
      assert.deepEqual(await ireland.conflicts(), await singapore.conflicts());
      const [entry] = await ireland.conflicts();
      assert.deepEqual([entry.id.S, entry.losing.M?.subject.S], [conflicted, "Ireland's edit"]);
    });

    it("finds equal tables afterwards, in every attribute", async () => {
      const result = await runProcess(["reconcile", "--deep", `--local=${cloud.addresses.console}`]);
      expectCode(result, 0);
      assert.equal(result.errors, "");
    });

    it("copies a conflict record that only one region has", async () => {
      const [entry] = await ireland.conflicts();
      await ireland.put({ ...entry, id: { S: idOf(7) } }, ireland.at.conflictTable);
      const dryRun = await run("reconcile", "--dry-run");
      expectCode(dryRun, 1);
      assert.equal((await singapore.conflicts()).length, 1);
      expectCode(await run("reconcile"), 1);
      assert.deepEqual(await ireland.conflicts(), await singapore.conflicts());
    });

    after(() => cloud.setRegion("ireland", "up"));
  });

  describe("redrive", () => {
    // Redrive rejects records older than the retention of tombstones.
    const version = nextVersion(IRELAND, Date.now(), undefined);
    const good = inserted(ticketItem({ id: idOf(101), version }), 1);

    it("applies and removes quarantined records and failure objects", async () => {
      await ireland.quarantine(good);
      await ireland.fail(good, inserted(ticketItem({ id: idOf(102), version }), 2));
      const dryRun = await run("redrive", "--dry-run");
      expectCode(dryRun, 1);
      assert.match(dryRun.out, /would apply 3; 0 stale, 0 still failing\. Nothing was changed\./);
      assert.deepEqual([await ireland.messages(), await ireland.failures()], [1, 1]);
      assert.equal(await singapore.item(idOf(101)), undefined);

      expectCode(await run("redrive", "--region", "singapore"), 0);
      assert.deepEqual([await ireland.messages(), await ireland.failures()], [1, 1]);

      const result = await run("redrive", "--region", "ireland");
      expectCode(result, 0);
      assert.match(result.out, /2 applied, 1 stale, 0 still failing\./);
      assert.deepEqual([await ireland.messages(), await ireland.failures()], [0, 0]);
      assert.equal((await singapore.item(idOf(101)))?.origin.S, IRELAND);
      // SQS still counts the messages of the first run.
      const second = await run("redrive");
      expectCode(second, 0);
      assert.match(second.out, /0 applied, 0 stale, 0 still failing\./);
      assert.doesNotMatch(second.out, /another run/);
    });

    it("keeps a poison record after every replay, and reconcile does not change its item", async () => {
      await ireland.put(toImage({ ...ticketItem({ id: idOf(103) }), version: "yesterday" }) as Image);
      await waitFor(async () => (await ireland.messages()) === 1, {
        what: "the poison record in quarantine",
      });
      for (let time = 0; time < 2; time++) {
        const result = await run("redrive");
        expectCode(result, 1);
        assert.match(result.out, /0 applied, 0 stale, 1 still failing\./);
        assert.match(result.out, /The item has no valid version\./);
        assert.equal(await ireland.messages(), 1);
      }
      const result = await run("reconcile");
      expectCode(result, 2);
      assert.match(result.out, new RegExp(`${idOf(103)} in ireland: it has no valid version\\.`));
      assert.equal(await singapore.item(idOf(103)), undefined);
    });

    it("changes nothing while the other region is down, and names the unreadable table", async () => {
      await cloud.setRegion("singapore", "down");
      const result = await run("redrive");
      await cloud.setRegion("singapore", "up");
      expectCode(result, 2);
      assert.match(
        result.errors,
        /^The table singapore-tickets-\w+ of singapore \(ap-southeast-1\) cannot be read/,
      );
      assert.equal(await ireland.messages(), 1);
    });
  });

  describe("fail with one sentence and exit code 2 for", () => {
    let directory: string;
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), "commands-"));
    });
    after(() => rm(directory, { recursive: true }));

    const refused: Record<string, readonly [readonly string[], RegExp]> = {
      "another stack": [["redrive", "--stack", "mars"], /runs the stack ireland, not mars\.$/],
      "an unknown region": [["redrive", "--region", "mars"], /has no region mars; its regions are ireland/],
      "too many segments": [
        ["reconcile", "--segments", "65"],
        /^--segments is "65", but must be a whole number from 1 to 64/,
      ],
      "a rate of 0": [["reconcile", "--rate", "0"], /^--rate is "0", but must be a whole number from 1/],
      "an unknown option": [
        ["reconcile", "--fast"],
        /^Unknown option '--fast'; see npm run reconcile -- --help\.$/,
      ],
    };
    for (const [what, [args, message]] of Object.entries(refused))
      it(what, async () => {
        const result = await run(...args);
        expectCode(result, 2);
        assert.match(result.errors.trim(), message);
        assert.equal(result.errors.trim().split("\n").length, 1);
      });

    it("a resume file of other tables, which stays unchanged", async () => {
      const file = join(directory, "position.json");
      const scope = { stack: "ireland", tables: [], dryRun: false, stamp: false, deep: false };
      const tally = { compared: {}, findings: [] };
      const text = JSON.stringify({ format: 1, scope, segments: 1, positions: {}, tally });
      await writeFile(file, text);
      const result = await run("reconcile", "--resume", file);
      expectCode(result, 2);
      assert.match(result.errors, /^The resume file .* is for the tables/);
      assert.equal(await readFile(file, "utf8"), text);
    });
  });
});
