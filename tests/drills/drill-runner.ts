import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillReport } from "../../operations/drill/report/report";
import type { Expectation, Scenario } from "../../operations/drill/scenario";
import { runHere } from "../operations/support/run-command";
import { RunningCloud } from "../../testing/running-cloud";
import { RegionClient } from "../support/region-client";
import { startFunctions } from "../support/start-functions";
import { waitFor } from "../support/wait-for";
import { disturbances } from "./disturbances";

/** High enough to run every scenario, and low enough that health checks do not fail by chance on most machines. */
const SPEED = 25;

/** Reasons for which a drill does not start, all of which an overloaded machine causes. */
const REFUSALS = /^(A drill needs|A drill starts when|\w+ cannot create tickets: no response) /;

/** Attempts to start a drill. */
const ATTEMPTS = 3;

/** Expectations that do not depend on the load of the machine. */
const ALWAYS: readonly Expectation["kind"][] = [
  "nothing-lost",
  "ends-on-primary",
  "dns-moves",
  "taken-over",
  "client-moves",
  "some-late",
];
/** Expectations that depend on the machine. The reports in docs/drills are from an idle one. */
const OF_THE_MACHINE: readonly Expectation["kind"][] = ["back-within", "uninterrupted"];

/** A drill that has run, and its output. */
interface CompletedDrill {
  readonly code: number | null;
  readonly out: string;
  readonly markdown: string;
  readonly html: string;
  readonly report: DrillReport;
  readonly disturbed: readonly string[];
}

/** A running local cloud for drills. */
export class DrillRunner {
  private constructor(
    private readonly cloud: RunningCloud,
    private readonly directory: string,
  ) {}

  static async start(): Promise<DrillRunner> {
    const directory = await mkdtemp(join(tmpdir(), "drill-"));
    const cloud = await RunningCloud.start("--speed", String(SPEED));
    const runner = new DrillRunner(cloud, directory);
    const regions = Object.values(cloud.addresses.regions).map(({ api }) => new RegionClient(api));
    await startFunctions(...regions).catch(async (error: unknown) => {
      await runner.stop();
      throw error;
    });
    return runner;
  }

  async stop(): Promise<void> {
    await rm(this.directory, { recursive: true });
    assert.equal(await this.cloud.stop(), 0);
  }

  /** The `--local` option for this local cloud. */
  get local(): string {
    return `--local=${this.cloud.addresses.console}`;
  }

  async stateOf(region: string): Promise<string> {
    const response = await fetch(`${this.cloud.addresses.console}/regions/${region}`);
    return ((await response.json()) as { state: string }).state;
  }

  /** Tickets listed by both regions. */
  async listed(): Promise<unknown[]> {
    const lists = Object.values(this.cloud.addresses.regions).map(async ({ api }) => {
      const response = await fetch(`${api}/tickets`);
      return ((await response.json()) as { tickets: unknown[] }).tickets;
    });
    return (await Promise.all(lists)).flat();
  }

  /**
   * Runs a scenario and checks the expectations that do not depend on the machine, and those on DNS if no unbroken region missed a
   * health check. Runs the scenario once more if the machine disturbed it or made an expectation inconclusive.
   */
  async expectMet({ name, expects }: Scenario): Promise<void> {
    let completed = await this.run(name);
    const isUnclear = completed.report.expectations.some(
      ({ verdict }, index) => verdict !== "met" && !OF_THE_MACHINE.includes(expects[index].kind),
    );
    const isInconclusive = completed.report.expectations.some(
      ({ verdict }, index) => verdict === "inconclusive" && !OF_THE_MACHINE.includes(expects[index].kind),
    );
    // The machine disturbed this drill, so it shows nothing.
    if (isUnclear && (isInconclusive || completed.disturbed.length > 0)) completed = await this.run(name);
    const { code, out, markdown, html, report, disturbed } = completed;
    const isChecked = ({ kind }: Expectation): boolean =>
      disturbed.length === 0 ? !OF_THE_MACHINE.includes(kind) : ALWAYS.includes(kind);
    const notMet = report.expectations.filter(
      ({ verdict }, index) => verdict === "not met" && isChecked(expects[index]),
    );
    assert.deepEqual(notMet, [], out);
    assert.equal(code, { met: 0, "not met": 1, inconclusive: 3 }[report.verdict], out);
    assert.equal(report.figures.machine.seconds, report.observations.machine.length);
    assert.match(out, /^Machine: \d+ processors, .*, probe p99 .*; overloaded in \d+ of [1-9]\d* s\.$/m);
    assert.ok(report.figures.acknowledged > 10, out);
    assert.deepEqual([report.scenario.name, report.seed, report.environment.speed], [name, 1, SPEED]);
    assert.match(out, /^ok +Every acknowledged write is in both regions at the end/m);
    assert.match(html, /^<!doctype html>/);
    assert.match(markdown, new RegExp(`^# Drill: ${name}\n`));
    assert.deepEqual(await this.listed(), [], "its tickets are deleted");
  }

  /** Ends a takeover caused by the machine or an earlier drill, and waits until Ireland serves. */
  async restore(): Promise<void> {
    await waitFor(
      async () => {
        const { code } = await runHere(["failback", this.local, "--force", "the next test begins"]);
        const state = await fetch(`${this.cloud.addresses.console}/state`);
        const { names } = (await state.json()) as { names: { name: string; region?: string }[] };
        return (
          code === 0 && names.every(({ name, region }) => !name.startsWith("api.") || region === "ireland")
        );
      },
      { what: "Ireland to serve", withinMs: 120_000 },
    );
  }

  /** Runs a drill. Starts it again if it refused to start because an overloaded machine made a region unhealthy. */
  private async run(name: string): Promise<CompletedDrill> {
    for (let attempt = 1; ; attempt++) {
      await this.restore();
      const completed = await this.runOnce(name);
      if (!("refusal" in completed)) return completed;
      console.log(`      the drill did not start on the overloaded machine: ${completed.refusal}`);
      if (attempt === ATTEMPTS) assert.fail(completed.out);
    }
  }

  private async runOnce(
    name: string,
  ): Promise<CompletedDrill | { readonly refusal: string; readonly out: string }> {
    const file = join(this.directory, name);
    const options = ["--scenario", name, "--minutes", "0.5", "--seed", "1", "--report", `${file}.html`];
    const { code, out, errors } = await runHere(["drill", this.local, ...options]);
    if (code === 2 && REFUSALS.test(errors)) return { refusal: errors.trim(), out };
    assert.equal(errors, "", out);
    const [json, markdown, html] = await Promise.all(
      ["json", "md", "html"].map((kind) => readFile(`${file}.${kind}`, "utf8")),
    );
    const report = JSON.parse(json) as DrillReport;
    const disturbed = disturbances(report.observations);
    for (const text of disturbed) console.log(`      the machine disturbed the drill: ${text}`);
    return { code, out, markdown, html, report, disturbed };
  }
}
