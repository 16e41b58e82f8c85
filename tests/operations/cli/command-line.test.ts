import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { withDeploymentOptions } from "../../../operations/cli/command-line";

describe("withDeploymentOptions", () => {
  it("adds the deployment options of the running command", () => {
    const text = "To watch: npm run status -- --watch. To return service: npm run failback.";
    assert.equal(
      withDeploymentOptions(text, { stack: "ireland" }),
      "To watch: npm run status -- --stack ireland --watch. To return service: npm run failback -- --stack ireland.",
    );
    assert.equal(
      withDeploymentOptions("npm run redrive", { stack: "ireland", outputs: "saved.json" }),
      "npm run redrive -- --stack ireland --outputs saved.json",
    );
    assert.equal(
      withDeploymentOptions("npm run redrive", { local: "http://localhost:4700" }),
      "npm run redrive -- --local",
    );
    assert.equal(
      withDeploymentOptions("npm run redrive", { local: "http://localhost:1" }),
      "npm run redrive -- --local=http://localhost:1",
    );
  });

  it("quotes values with shell metacharacters", () => {
    const awkward = [
      "my outputs.json",
      "it's.json",
      "$HOME/$&.json",
      "a;b&c|d.json",
      "*.json",
      "~/outputs.json",
      'say "no".json',
      "back\\slash.json",
      "`id`.json",
      "#1.json",
      "(1).json",
      "ünïcode.json",
    ];
    for (const path of awkward) {
      const command = withDeploymentOptions("npm run redrive", { stack: "ireland", outputs: path });
      const words = spawnSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8", cwd: "/" });
      assert.deepEqual(words.stdout.trimEnd().split("\n"), [
        ...["npm", "run", "redrive", "--", "--stack", "ireland", "--outputs"],
        path,
      ]);
    }
    assert.equal(
      withDeploymentOptions("npm run failback", { local: "http://localhost:1/?a=1&b" }),
      "npm run failback -- '--local=http://localhost:1/?a=1&b'",
    );
  });
});
