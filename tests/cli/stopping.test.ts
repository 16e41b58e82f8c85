import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../support/wait-for";
import { Command } from "./command";

/** Preloaded code: after the first Ctrl-C no server closes, so that the stop never completes. */
const HANGING = `
  const { prototype } = require("node:net").Server;
  const { close } = prototype;
  let isStopping = false;
  process.on("SIGINT", () => (isStopping = true));
  prototype.close = function (...args) { return isStopping ? this : close.apply(this, args); };
`;

describe("npm start with a stop that hangs", function () {
  this.timeout(120_000);

  let folder: string;
  let command: Command;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stopping-"));
    const preload = join(folder, "hanging.js");
    writeFileSync(preload, HANGING);
    const env = { NODE_OPTIONS: `--require ${preload}` };
    command = new Command(["--port", "0", "--no-types"], undefined, { env });
  });
  afterEach(async () => {
    await command.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Asserts that no child process and no temporary folder outlives the command. */
  async function assertNothingLeft(): Promise<void> {
    await waitFor(() => command.leftovers().length === 0 || undefined, { what: "nothing left" }).catch(() =>
      assert.deepEqual(command.leftovers(), []),
    );
  }

  for (const [when, line] of [
    ["while it starts", /^Running the program/],
    ["while it runs", /^Press Ctrl-C to stop\.$/],
  ] as const) {
    it(`reports the stop at once and ends after 10 s ${when}`, async () => {
      await command.line(line);
      command.signal("SIGINT");
      await command.line(/^Stopping …$/);
      const reported = performance.now();
      assert.equal(await command.exitCode(), 1, command.allOutput());
      const seconds = (performance.now() - reported) / 1000;
      assert.ok(seconds > 9, `it ended ${seconds} s after it reported the stop`);
      assert.equal(command.output.at(-1), "Not everything stopped within 10 s. Exiting anyway.");
      assert.deepEqual(command.errors, []);
      await assertNothingLeft();
    });

    it(`ends at a second Ctrl-C ${when}`, async () => {
      await command.line(line);
      command.signal("SIGINT");
      await command.line(/^Stopping …$/);
      // A signal within half a second of the first counts as the same key press, which npm forwards.
      await waitFor(
        () => {
          command.signal("SIGINT");
          return command.hasEnded() || undefined;
        },
        { what: "the end", withinMs: 9000 },
      );
      assert.equal(await command.exitCode(), 130, command.allOutput());
      assert.doesNotMatch(command.allOutput(), /Not everything stopped/);
      await assertNothingLeft();
    });
  }
});
