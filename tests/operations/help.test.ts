import assert from "node:assert/strict";
import { columnsOf } from "../../command-line/terminal-text";
import { runHere } from "./support/run-command";

const COMMANDS = [
  "status",
  "takeover",
  "failback",
  "drill",
  "redrive",
  "reconcile",
  "preflight",
  "smoke",
  "teardown",
];
/** Every option of every command. */
const OPTIONS = [
  ...[
    "stack",
    "outputs",
    "local",
    "dry-run",
    "watch",
    "interval",
    "json",
    "checks",
    "reason",
    "yes",
    "force",
  ],
  ...["minutes", "max-lag", "speed", "scenario", "seed", "report", "confirm", "region", "discard"],
  ...["segments", "rate", "reads", "writes", "resume", "stamp", "deep"],
];

describe("Command line of the operator commands", () => {
  for (const command of COMMANDS)
    it(`lists in ${command} --help exactly the options that ${command} takes, within 80 columns`, async () => {
      const { code, out } = await runHere([command, "--help"]);
      assert.equal(code, 0);
      for (const line of out.split("\n")) assert.ok(columnsOf(line) <= 80, line);
      const listed = [...out.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
      for (const option of OPTIONS) {
        const { errors } = await runHere([command, `--${option}`, "--help", "--nothing"]);
        const isTaken = !errors.includes(`Unknown option '--${option}'`);
        // For a drill, the error explains why it has no dry run.
        const isListed = listed.includes(option) || (command === "drill" && option === "dry-run");
        assert.equal(isListed, isTaken, `${command} --${option}`);
      }
    });

  const negative: [string, string, RegExp][] = [
    ["failback", "minutes", /^--minutes is "-1", but must be a number from 0 to 1440\./],
    ["failback", "max-lag", /^--max-lag is "-1", but must be a number from 0 to 3600\./],
    ["drill", "speed", /^--speed is "-1", but must be a whole number from 1 to 100\./],
    ["reconcile", "rate", /^--rate is "-1", but must be a whole number from 1 to /],
    ["reconcile", "reads", /^--reads is "-1", but must be a whole number from 1 to /],
    ["reconcile", "writes", /^--writes is "-1", but must be a whole number from 1 to /],
    ["status", "interval", /^--interval is "-1", but must be a whole number from 1 to 3600\./],
  ];
  for (const [command, option, message] of negative)
    it(`states the range for a negative --${option} of ${command}, with a space or an equals sign`, async () => {
      for (const args of [[`--${option}`, "-1"], [`--${option}=-1`]]) {
        const { code, errors } = await runHere([command, "--local", ...args]);
        assert.equal(code, 2);
        assert.match(errors, message);
      }
    });

  it("lists every scenario for an unknown one, on AWS and on the local cloud", async () => {
    for (const where of [[], ["--local"], ["--speed", "10"]]) {
      const { code, errors } = await runHere(["drill", "--scenario", "nope", ...where]);
      assert.equal(code, 2);
      for (const name of [
        "region-down",
        "flapping",
        "slow-region",
        "takeover",
        "replication-paused-then-takeover",
      ])
        assert.match(errors, new RegExp(`\\b${name}\\b`));
    }
  });
});
