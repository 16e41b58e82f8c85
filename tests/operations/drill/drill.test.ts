import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillReport } from "../../../operations/drill/report";
import { CannotRun } from "../../../operations/cannot-run";
import { run } from "../../../operations/main";
import { terminal } from "../../../operations/terminal";
import { RunningCloud } from "../../support/local-cloud";
import { waitFor } from "../../support/wait-for";
import { runHere } from "../support/run-command";

describe("npm run drill on a local cloud", function () {
  this.timeout(180_000);

  let cloud: RunningCloud;
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "drill-"));
    cloud = await RunningCloud.start("--speed", "50");
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(cloud?.log());
  });
  after(async () => {
    await rm(directory, { recursive: true });
    assert.equal(await cloud?.stop(), 0);
  });

  const stateOf = async (region: string): Promise<string> => {
    const response = await fetch(`${cloud.addresses.console}/regions/${region}`);
    return ((await response.json()) as { state: string }).state;
  };

  it("stops a region under traffic, fails back through the gates, loses nothing and reports it", async () => {
    const file = join(directory, "report.html");
    const args = ["drill", `--local=${cloud.addresses.console}`, "--scenario", "region-down", "--seed", "1"];
    const { code, out, errors } = await runHere([...args, "--report", file]);
    assert.equal(errors, "");
    const report = JSON.parse(await readFile(join(directory, "report.json"), "utf8")) as DrillReport;
    assert.equal(code, report.met ? 0 : 1, out);
    // How soon, and whether a check of a fifth of a second fails now and then, is the machine's matter; these are not.
    const certain = /^(Every acknowledged write|At the end|DNS goes to)/;
    const judged = report.expectations.filter(({ expected }) => certain.test(expected));
    assert.deepEqual(
      judged.map(({ met }) => met),
      [true, true, true],
      out,
    );
    assert.ok(report.figures.acknowledged > 10 && report.figures.lost === 0);
    assert.deepEqual([report.figures.failback.needed, report.figures.failback.done], [true, true]);
    assert.deepEqual([report.seed, report.environment.speed], [1, 50]);
    assert.match(await readFile(file, "utf8"), /^<!doctype html>/);
    assert.match(await readFile(join(directory, "report.md"), "utf8"), /^# Drill: region-down\n/);
    assert.match(out, /ok {6}Every acknowledged write is in both regions at the end/);
    const tickets = await fetch(`${cloud.addresses.regions.ireland.api}/tickets`);
    assert.deepEqual(((await tickets.json()) as { tickets: unknown[] }).tickets, [], "its tickets are gone");
  });

  it("mends what it broke when it is stopped", async () => {
    const stopping = new AbortController();
    let out = "";
    const output = { write: (text: string) => (out += text) };
    const surroundings = { terminal: terminal(output, output), signal: stopping.signal };
    const args = [
      "drill",
      `--local=${cloud.addresses.console}`,
      "--scenario",
      "replication-paused-then-takeover",
    ];
    const ended = run(args, surroundings);
    await waitFor(async () => (await stateOf("ireland")) === "isolated", {
      what: "the drill to break something",
      withinMs: 60_000,
    });
    stopping.abort(new CannotRun("Stopped."));
    assert.equal(await ended, 2, out);
    assert.match(out, /^Stopped\.$/m);
    assert.equal(await stateOf("ireland"), "up");
  });
});

describe("npm run drill refuses, with one sentence and exit code 2,", () => {
  const refused: Record<string, readonly [readonly string[], RegExp]> = {
    "a scenario that there is none of": [
      ["--speed", "10", "--scenario", "earthquake"],
      /^There is no scenario "earthquake"; there are region-down, api-down, /,
    ],
    "to break a region on AWS": [
      ["--stack", "ireland", "--confirm", "ireland", "--scenario", "region-down"],
      /cannot be taken back on AWS; there are takeover, replication-paused-then-takeover, and all on the local cloud\.$/,
    ],
    "AWS without the stack's name once more": [
      ["--stack", "ireland"],
      /moves the clients of the stack ireland .* add --confirm ireland\.$/,
    ],
    "AWS with another stack's name": [
      ["--stack", "ireland", "--confirm", "singapore"],
      /add --confirm ireland\.$/,
    ],
    "no stack and no local cloud": [
      [],
      /^Name the stack with --stack, or drill a local cloud with --speed 10/,
    ],
    "a local cloud that runs and one of its own": [["--local", "--speed", "2"], /give one of them\.$/],
    "a dry run": [["--local", "--dry-run"], /there is no --dry-run of it\.$/],
    "a speed out of range": [
      ["--speed", "1000"],
      /^--speed is "1000", but must be a whole number from 1 to 100\.$/,
    ],
    "a local cloud that does not run": [["--local=http://127.0.0.1:9"], /^No local cloud answers at /],
  };
  for (const [what, [args, message]] of Object.entries(refused))
    it(what, async () => {
      const { code, errors } = await runHere(["drill", ...args]);
      assert.equal(code, 2, errors);
      assert.match(errors.trim(), message);
      assert.equal(errors.trim().split("\n").length, 1);
    });
});
