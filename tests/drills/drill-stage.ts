import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillReport } from "../../operations/drill/report";
import type { Expectation, Scenario } from "../../operations/drill/scenario";
import { runHere } from "../operations/support/run-command";
import { RunningCloud } from "../support/running-cloud";
import { waitFor } from "../support/wait-for";
import { disturbances } from "./disturbances";

/** High enough for every scenario to be played, and low enough for checks not to fail by chance on most machines. */
const SPEED = 25;

/** How often a drill may refuse to begin. */
const ATTEMPTS = 3;

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

/** A running local cloud to play drills on. */
export class DrillStage {
  private constructor(
    private readonly cloud: RunningCloud,
    private readonly directory: string,
  ) {}

  static async set(): Promise<DrillStage> {
    const directory = await mkdtemp(join(tmpdir(), "drill-"));
    return new DrillStage(await RunningCloud.start("--speed", String(SPEED)), directory);
  }

  async strike(): Promise<void> {
    await rm(this.directory, { recursive: true });
    assert.equal(await this.cloud.stop(), 0);
  }

  /** The option that names it. */
  get local(): string {
    return `--local=${this.cloud.addresses.console}`;
  }

  async stateOf(region: string): Promise<string> {
    const response = await fetch(`${this.cloud.addresses.console}/regions/${region}`);
    return ((await response.json()) as { state: string }).state;
  }

  /** The tickets that both regions list. */
  async listed(): Promise<unknown[]> {
    const lists = Object.values(this.cloud.addresses.regions).map(async ({ api }) => {
      const response = await fetch(`${api}/tickets`);
      return ((await response.json()) as { tickets: unknown[] }).tickets;
    });
    return (await Promise.all(lists)).flat();
  }

  /**
   * Plays a scenario and checks every fact: what is lost, who takes over, what the gates held, and, where no unbroken region
   * missed its health check, what DNS did. A move of DNS that only a timeout on an overloaded machine explains is inconclusive,
   * and the scenario is played once more. How soon clients are served is a matter of the machine.
   */
  async expectMet({ name, expects }: Scenario): Promise<void> {
    let played = await this.play(name);
    const isUnclear = played.report.expectations.some(
      ({ verdict }, index) => verdict !== "met" && !OF_THE_MACHINE.includes(expects[index].kind),
    );
    const isInconclusive = played.report.expectations.some(
      ({ verdict }, index) => verdict === "inconclusive" && !OF_THE_MACHINE.includes(expects[index].kind),
    );
    // A drill that the machine disturbed has shown nothing then, so it is played once more.
    if (isUnclear && (isInconclusive || played.disturbed.length > 0)) played = await this.play(name);
    const { code, out, markdown, html, report, disturbed } = played;
    const isJudged = ({ kind }: Expectation): boolean =>
      disturbed.length === 0 ? !OF_THE_MACHINE.includes(kind) : ALWAYS.includes(kind);
    const notMet = report.expectations.filter(
      ({ verdict }, index) => verdict === "not met" && isJudged(expects[index]),
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
    assert.deepEqual(await this.listed(), [], "its tickets are gone");
  }

  /** Ends a takeover that the machine has caused, or a drill before, and waits until Ireland serves. */
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

  /** A drill refuses to begin with regions that the machine has no time for; it has broken nothing then, and begins again. */
  private async play(name: string): Promise<PlayedDrill> {
    for (let attempt = 1; ; attempt++) {
      await this.restore();
      const played = await this.playOnce(name);
      if (!("refusal" in played)) return played;
      console.log(`      the machine was too busy for the drill to begin: ${played.refusal}`);
      if (attempt === ATTEMPTS) assert.fail(played.out);
    }
  }

  private async playOnce(
    name: string,
  ): Promise<PlayedDrill | { readonly refusal: string; readonly out: string }> {
    const file = join(this.directory, name);
    const options = ["--scenario", name, "--minutes", "0.5", "--seed", "1", "--report", `${file}.html`];
    const { code, out, errors } = await runHere(["drill", this.local, ...options]);
    if (code === 2 && /^A drill needs /.test(errors)) return { refusal: errors.trim(), out };
    assert.equal(errors, "", out);
    const [json, markdown, html] = await Promise.all(
      ["json", "md", "html"].map((kind) => readFile(`${file}.${kind}`, "utf8")),
    );
    const report = JSON.parse(json) as DrillReport;
    const disturbed = disturbances(report.observations);
    for (const text of disturbed) console.log(`      the machine was too busy: ${text}`);
    return { code, out, markdown, html, report, disturbed };
  }
}
