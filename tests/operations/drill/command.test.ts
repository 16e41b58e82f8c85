import assert from "node:assert/strict";
import { runHere } from "../support/run-command";

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
    "AWS with another stack's qualified name": [
      ["--stack", "acme/tickets/ireland", "--confirm", "acme/tickets/singapore"],
      /clients of the stack acme\/tickets\/ireland .* add --confirm acme\/tickets\/ireland\.$/,
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
