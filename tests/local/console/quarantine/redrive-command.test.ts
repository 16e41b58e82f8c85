import assert from "node:assert/strict";
import { RedriveCommand } from "../../../../local/console/quarantine/redrive-command";

describe("RedriveCommand", function () {
  const logged: string[] = [];
  let command: RedriveCommand;

  beforeEach(() => {
    logged.length = 0;
    command = new RedriveCommand(
      // No server listens on this port.
      () => "http://127.0.0.1:9",
      (source, line) => logged.push(`${source}: ${line}`),
    );
  });
  afterEach(() => command.close());

  it("runs the operator's command and returns its output and exit code", async () => {
    const { exitCode, lines } = await command.run({ region: "ireland", dryRun: true, discard: undefined });
    assert.equal(exitCode, 2);
    assert.match(lines.join("\n"), /^No local cloud responds at http:\/\/127\.0\.0\.1:9 /);
    assert.deepEqual(
      logged,
      lines.map((line) => `ireland redrive: ${line}`),
    );
  });

  it("ends a running command when it closes", async () => {
    const result = command.run({ region: "ireland", dryRun: false, discard: "--help" });
    await command.close();
    assert.equal((await result).exitCode, null);
  });
});
