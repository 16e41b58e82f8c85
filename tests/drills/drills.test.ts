import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillReport } from "../../operations/drill/report";
import { type Expectation, isReversible } from "../../operations/drill/scenario";
import { SCENARIOS } from "../../operations/drill/scenarios";
import { runHere } from "../operations/support/run-command";
import { RunningCloud } from "../support/local-cloud";
import { waitFor } from "../support/wait-for";
import { disturbances } from "./disturbances";

const PROJECT = join(__dirname, "..", "..");
/** High enough for every scenario to be played, and low enough for checks not to fail by chance on most machines. */
const SPEED = 25;

/** These hold however busy the machine is. */
const ALWAYS: readonly Expectation["kind"][] = [
  "nothing-lost",
  "ends-on-primary",
  "dns-moves",
  "taken-over",
  "client-moves",
  "some-late",
];
/** How soon clients are served is the machine's matter; the reports in docs/drills tell it of a quiet one. */
const OF_THE_MACHINE: readonly Expectation["kind"][] = ["back-within", "uninterrupted"];

/** A drill that was played, and what it wrote. */
interface PlayedDrill {
  readonly code: number | null;
  readonly out: string;
  readonly markdown: string;
  readonly html: string;
  readonly report: DrillReport;
  readonly disturbed: readonly string[];
}

describe("npm run drill on a local cloud", function () {
  this.timeout(240_000);

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

  const listed = async (): Promise<unknown[]> => {
    const response = await fetch(`${cloud.addresses.regions.ireland.api}/tickets`);
    return ((await response.json()) as { tickets: unknown[] }).tickets;
  };

  const play = async (name: string): Promise<PlayedDrill> => {
    const file = join(directory, name);
    const options = ["--scenario", name, "--minutes", "0.5", "--seed", "1", "--report", `${file}.html`];
    const { code, out, errors } = await runHere(["drill", local(), ...options]);
    assert.equal(errors, "", out);
    const [json, markdown, html] = await Promise.all(
      ["json", "md", "html"].map((kind) => readFile(`${file}.${kind}`, "utf8")),
    );
    const report = JSON.parse(json) as DrillReport;
    const disturbed = disturbances(report.observations);
    for (const text of disturbed) console.log(`      the machine was too busy: ${text}`);
    return { code, out, markdown, html, report, disturbed };
  };

  for (const { name, title, expects } of SCENARIOS.filter((scenario) => !isReversible(scenario)))
    it(`${name}: ${title}`, async () => {
      let played = await play(name);
      const isUnclear = played.report.expectations.some(
        ({ met }, index) => !met && !OF_THE_MACHINE.includes(expects[index].kind),
      );
      // A drill that the machine disturbed has shown nothing then, so it is played once more.
      if (isUnclear && played.disturbed.length > 0) played = await play(name);
      const { code, out, markdown, html, report, disturbed } = played;
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
      assert.deepEqual(await listed(), [], "its tickets are gone");
    });

  it("mends what it broke, and takes its tickets away, when Ctrl-C comes to it from the terminal and from npm", async () => {
    const args = [join("operations", "run.js"), "drill", local()];
    const scenario = ["--scenario", "replication-paused-then-takeover"];
    const drill = spawn(process.execPath, [...args, ...scenario], { cwd: PROJECT });
    let out = "";
    for (const output of [drill.stdout, drill.stderr]) output.on("data", (text: Buffer) => (out += text));
    const ended = once(drill, "close");
    try {
      await waitFor(async () => (await stateOf("ireland")) === "isolated", {
        what: "the drill to break something",
        withinMs: 60_000,
      });
      const second = await runHere(["drill", local()]);
      assert.deepEqual([second.code, second.out.split("\n").length], [2, 2], second.out);
      assert.match(
        second.errors,
        /^Another drill runs: operator .*, since .*\. If it has died, the next one can/,
      );
      assert.equal(await stateOf("ireland"), "isolated");
      drill.kill("SIGINT");
      await waitFor(() => /Mending ireland/.test(out), { what: "the drill to mend" });
      drill.kill("SIGINT");
      assert.deepEqual(await ended, [2, null], out);
    } finally {
      drill.kill("SIGKILL");
    }
    assert.match(out, /^Stopped\.$/m);
    assert.equal(await stateOf("ireland"), "up");
    assert.deepEqual(await listed(), []);
  });
});
