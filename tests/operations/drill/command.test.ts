import assert from "node:assert/strict";
import { runHere } from "../support/run-command";

describe("npm run drill with invalid options", () => {
  const rejected: Record<string, readonly [readonly string[], RegExp]> = {
    "an unknown scenario": [
      ["--speed", "10", "--scenario", "earthquake"],
      /^The scenario "earthquake" does not exist; the scenarios are region-down, api-down, /,
    ],
    "an irreversible scenario on AWS": [
      ["--stack", "ireland", "--confirm", "ireland", "--scenario", "region-down"],
      /cannot be reversed on AWS\. On AWS use takeover or replication-paused-then-takeover; the local cloud runs all/,
    ],
    "AWS without --confirm": [
      ["--stack", "ireland"],
      /moves the clients of the stack ireland .* add --confirm ireland\.$/,
    ],
    "--confirm with the name of another stack": [
      ["--stack", "ireland", "--confirm", "singapore"],
      /add --confirm ireland\.$/,
    ],
    "--confirm with the qualified name of another stack": [
      ["--stack", "acme/tickets/ireland", "--confirm", "acme/tickets/singapore"],
      /clients of the stack acme\/tickets\/ireland .* add --confirm acme\/tickets\/ireland\.$/,
    ],
    "neither --stack nor a local cloud": [
      [],
      /^No stack was given\. Use --stack NAME for AWS, or --speed 10 or --local/,
    ],
    "--local together with --speed": [["--local", "--speed", "2"], /^--speed and --local exclude each other/],
    "--dry-run": [["--local", "--dry-run"], /--dry-run cannot be used\.$/],
    "a speed out of range": [
      ["--speed", "1000"],
      /^--speed is "1000", but must be a whole number from 1 to 100\.$/,
    ],
    "a URL where no local cloud responds": [["--local=http://127.0.0.1:9"], /^No local cloud responds at /],
  };
  for (const [what, [args, message]] of Object.entries(rejected))
    it(`rejects ${what} with one sentence and exit code 2`, async () => {
      const { code, errors } = await runHere(["drill", ...args]);
      assert.equal(code, 2, errors);
      assert.match(errors.trim(), message);
      assert.equal(errors.trim().split("\n").length, 1);
    });
});
