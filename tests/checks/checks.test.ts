import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

describe("The project's files", function () {
  this.timeout(180_000);

  it("are typed correctly", () => check("npm", "run", "--silent", "types"));
  it("follow the lint rules and are formatted", () => check("npm", "run", "--silent", "lint"));
});

function check(command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: PROJECT, encoding: "utf8" });
  assert.equal(status, 0, `${[command, ...args].join(" ")} says:\n${stdout}${stderr}`);
}
