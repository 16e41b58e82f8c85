import assert from "node:assert/strict";
import { runHere } from "../support/run-command";

describe("npm run drill refuses, with one sentence and exit code 2,", () => {
  const refused: Record<string, readonly [readonly string[], RegExp]> = {
    "a scenario that there is none of": [
      ["--speed", "10", "--scenario", "earthquake"],
      /^The scenario "earthquake" does not exist; the scenarios are region-down, api-down, /,
    ],
    "to break a region on AWS": [
      ["--stack", "ireland", "--confirm", "ireland", "--scenario", "region-down"],
      /cannot be reversed on AWS\. On AWS use takeover or replication-paused-then-takeover; the local cloud runs all/,
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
      /^No stack was given\. Use --stack NAME for AWS, or --speed 10 or --local/,
    ],
    "a local cloud that runs and one of its own": [
      ["--local", "--speed", "2"],
      /^--speed and --local exclude each other/,
    ],
    "a dry run": [["--local", "--dry-run"], /--dry-run cannot be used\.$/],
    "a speed out of range": [
      ["--speed", "1000"],
      /^--speed is "1000", but must be a whole number from 1 to 100\.$/,
    ],
    "a local cloud that does not run": [["--local=http://127.0.0.1:9"], /^No local cloud responds at /],
  };
  for (const [what, [args, message]] of Object.entries(refused))
    it(what, async () => {
      const { code, errors } = await runHere(["drill", ...args]);
      assert.equal(code, 2, errors);
      assert.match(errors.trim(), message);
      assert.equal(errors.trim().split("\n").length, 1);
    });
});
