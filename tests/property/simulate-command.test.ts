import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CommandError } from "../../command-line/command-error";
import { trySeeds } from "../../simulation/workers";
import { run } from "../../simulation/main";
import { readOptions } from "../../simulation/options";
import { RULES } from "../../simulation/rules";
import { describeFailure, MAXIMUM_SEED, trySeed } from "../../simulation/schedule";
import { captureLogs } from "../support/logs";

const PROJECT = join(__dirname, "..", "..");

function simulate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("node", ["simulation/run.js", ...args], { cwd: PROJECT, encoding: "utf8" });
}

describe("npm run simulate", function () {
  this.timeout(120_000);
  captureLogs();

  it("tries the given number of seeds in several processes, and prints the result", () => {
    const { status, stdout } = simulate("--seeds", "45", "--from", "7");
    assert.match(stdout, /^Seeds 7 to 51\.\n45 schedules in [\d.]+ s: every guarantee held\.\n$/);
    assert.equal(status, 0);
  });

  it("tries a single seed with --seed", () => {
    const { status, stdout } = simulate("--seed", "7");
    assert.match(stdout, /^Seed 7\.\n1 schedule in/);
    assert.equal(status, 0);
  });

  it("exits with code 2 and one sentence for an invalid argument", () => {
    const { status, stdout, stderr } = simulate("--seeds", "many");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^--seeds is "many", but must be a whole number from 1 to [\d,]+\.\n$/);
    for (const [args, problem] of [
      [["seven"], "Unexpected argument 'seven'"],
      [["--seeds"], "--seeds needs a value"],
      [["--seed", "1", "--seed", "2"], "--seed is given twice"],
    ] as const)
      assert.equal(simulate(...args).stderr, `${problem}; see npm run simulate -- --help.\n`);
  });

  it("exits with code 1 if a seed fails, and prints the seed and the reason", async () => {
    const lines: string[] = [];
    const [print, progress, fail] = [(line: string) => void lines.push(line), () => undefined, assert.fail];
    const context = { terminal: { print, progress, fail }, signal: new AbortController().signal };
    const failure = { seed: 8, message: "Nothing may be lost.", steps: [] };
    assert.equal(await run(["--seeds", "5", "--from", "5"], context, async () => failure), 1);
    assert.deepEqual(lines, ["Seeds 5 to 9.", describeFailure(failure)]);
  });

  it("derives the first seed from the time", () => {
    const { from, count } = readOptions(["--seeds", "10"], 2 ** 40 + 5);
    assert.equal(count, 10);
    assert.ok(from >= 0 && from + count - 1 <= MAXIMUM_SEED);
    assert.notEqual(readOptions(["--seeds", "10"], 2 ** 40 + 6).from, from);
  });

  for (const [args, message] of [
    [["--seed", "1", "--seeds", "2"], /Leave out --seeds and --from/],
    [["--seed", "1", "--from", "2"], /Leave out --seeds and --from/],
    [["--seeds", "0"], /--seeds is "0"/],
    [["--seeds", "2", "--from", String(MAXIMUM_SEED)], /--from is/],
    [["--sedes", "2"], /'--sedes'; see npm run simulate -- --help/],
    [["2"], /'2'/],
  ] as const)
    it(`rejects ${args.join(" ")}`, () =>
      assert.throws(
        () => readOptions(args, 0),
        (error) => error instanceof CommandError && message.test(error.message),
      ));

  it("stops when the signal is aborted", async () => {
    const stopping = new AbortController();
    const onProgress = (): void => stopping.abort(new CommandError("Stopped."));
    const options = { from: 1, count: 10_000, workers: 1, onProgress, signal: stopping.signal };
    await assert.rejects(trySeeds(options), { message: "Stopped." });
  });
});

describe("Seed that fails", () => {
  captureLogs();
  const broken = { ...RULES, conflictLog: () => ({ record: async () => false }) };

  it("is shrunk to a few steps, and fails again with the same result", async () => {
    const failures = [];
    for (let seed = 1; failures.length === 0 && seed < 100; seed++) {
      const failure = await trySeed(seed, broken);
      if (failure) failures.push(failure, await trySeed(seed, broken));
    }
    const [failure, again] = failures;
    assert.ok(failure);
    assert.deepEqual(again, failure);
    assert.ok(failure.steps.length < 10, `There are ${failure.steps.length} steps left.`);
    const text = describeFailure(failure);
    assert.match(text, /^Seed \d+ fails: A lost write must be recorded as a conflict/);
    assert.ok(text.endsWith(`To replay: npm run simulate -- --seed ${failure.seed}`));
  });
});
