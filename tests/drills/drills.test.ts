import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CannotRun } from "../../operations/cannot-run";
import type { DrillReport } from "../../operations/drill/report";
import { type Expectation, isReversible } from "../../operations/drill/scenario";
import { SCENARIOS } from "../../operations/drill/scenarios";
import { run } from "../../operations/main";
import { terminal } from "../../operations/terminal";
import { runHere } from "../operations/support/run-command";
import { RunningCloud } from "../support/local-cloud";
import { waitFor } from "../support/wait-for";
import { disturbances } from "./disturbances";

/** High enough for every scenario to be played, and low enough for checks not to fail by chance on most machines. */
const SPEED = 25;

/** These hold however busy the machine is. */
const ALWAYS: readonly Expectation["kind"][] = ["nothing-lost", "ends-on-primary", "dns-moves", "some-late"];
/** How soon clients are served is the machine's matter; the reports in docs/drills tell it of a quiet one. */
const OF_THE_MACHINE: readonly Expectation["kind"][] = ["back-within", "uninterrupted"];

describe("npm run drill on a local cloud", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "drill-"));
    cloud = await RunningCloud.start("--speed", String(SPEED));
  });
  after(async () => {
    await rm(directory, { recursive: true });
    assert.equal(await cloud?.stop(), 0);
  });

  const local = (): string => `--local=${cloud.addresses.console}`;
  const stateOf = async (region: string): Promise<string> => {
    const response = await fetch(`${cloud.addresses.console}/regions/${region}`);
    return ((await response.json()) as { state: string }).state;
  };

  for (const { name, title, expects } of SCENARIOS.filter((scenario) => !isReversible(scenario)))
    it(`${name}: ${title}`, async () => {
      const file = join(directory, name);
      const options = ["--scenario", name, "--minutes", "1", "--seed", "1", "--report", `${file}.html`];
      const { code, out, errors } = await runHere(["drill", local(), ...options]);
      assert.equal(errors, "", out);
      const [json, markdown, html] = await Promise.all(
        ["json", "md", "html"].map((kind) => readFile(`${file}.${kind}`, "utf8")),
      );
      const report = JSON.parse(json) as DrillReport;
      const disturbed = disturbances(report.observations);
      for (const text of disturbed) console.log(`      the machine was too busy: ${text}`);
      const isJudged = ({ kind }: Expectation): boolean =>
        disturbed.length === 0 ? !OF_THE_MACHINE.includes(kind) : ALWAYS.includes(kind);
      const notMet = report.expectations.filter(({ met }, index) => !met && isJudged(expects[index]));
      assert.deepEqual(notMet, [], out);
      assert.equal(code, report.met ? 0 : 1, out);
      assert.ok(report.figures.acknowledged > 10, out);
      assert.deepEqual([report.scenario.name, report.seed, report.environment.speed], [name, 1, SPEED]);
      assert.match(out, /ok {6}Every acknowledged write is in both regions at the end/);
      assert.match(html, /^<!doctype html>/);
      assert.match(markdown, new RegExp(`^# Drill: ${name}\n`));
      const tickets = await fetch(`${cloud.addresses.regions.ireland.api}/tickets`);
      assert.deepEqual(
        ((await tickets.json()) as { tickets: unknown[] }).tickets,
        [],
        "its tickets are gone",
      );
    });

  it("mends what it broke when it is stopped", async () => {
    const stopping = new AbortController();
    let out = "";
    const output = { write: (text: string) => (out += text) };
    const surroundings = { terminal: terminal(output, output), signal: stopping.signal };
    const ended = run(["drill", local(), "--scenario", "replication-paused-then-takeover"], surroundings);
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
