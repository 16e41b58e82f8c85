import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../support/wait-for";
import { Command } from "./command";

/** Preloaded: after the first Ctrl-C no server ever closes, so a stop that waits for one never ends. */
const HANGING = `
  const { prototype } = require("node:net").Server;
  const { close } = prototype;
  let isStopping = false;
  process.on("SIGINT", () => (isStopping = true));
  prototype.close = function (...args) { return isStopping ? this : close.apply(this, args); };
`;

describe("npm start, when a stop hangs", function () {
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

  /** Neither child processes nor temporary folders outlive the command. */
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
      assert.equal(await command.exitCode(), 1, command.everything());
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
      // Less than half a second after the first it would be the same press, passed on by npm.
      await waitFor(
        () => {
          command.signal("SIGINT");
          return command.hasEnded() || undefined;
        },
        { what: "the end", withinMs: 9000 },
      );
      assert.equal(await command.exitCode(), 130, command.everything());
      assert.doesNotMatch(command.everything(), /Not everything stopped/);
      await assertNothingLeft();
    });
  }
});
