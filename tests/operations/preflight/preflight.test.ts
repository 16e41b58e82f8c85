import assert from "node:assert/strict";
import { promises } from "node:dns";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withEnvironment } from "../../support/environment";
import { runHere, type CommandResult } from "../support/run-command";
import { usePreflight } from "./preflight-fixture";

const DOCUMENT = join(__dirname, "..", "..", "..", "docs", "deploy.md");

describe("npm run preflight", () => {
  const tested = usePreflight();

  describe("permissions", () => {
    /** Every call that the command can make. */
    async function everyCall(): Promise<CommandResult[]> {
      const results: CommandResult[] = [];
      for (const config of [
        { publicWebsite: "true" },
        { domainName: "tickets.test", hostedZoneId: "Z1" },
        { domainName: "tickets.test" },
      ]) {
        tested.configure(config);
        tested.account.state.certificateQuota = undefined;
        results.push(await tested.run());
      }
      return results;
    }

    it("needs exactly the permissions of the policy in docs/deploy.md", async () => {
      await everyCall();
      const [, json = ""] =
        /```json\n(\{[^`]*"account:ListRegions"[^`]*\})\n```/.exec(readFileSync(DOCUMENT, "utf8")) ?? [];
      const { Statement } = JSON.parse(json) as {
        Statement: { Effect: string; Action: string[]; Resource: string }[];
      };
      assert.deepEqual(
        Statement.map(({ Effect, Resource }) => [Effect, Resource]),
        [["Allow", "*"]],
      );
      assert.deepEqual(Statement[0].Action, [...tested.account.actions].sort());
    });

    it("names missing permissions, and still runs the other checks", async () => {
      await everyCall();
      const all = [...tested.account.actions];
      for (const isDenied of [0, 1]) {
        tested.account.state.denied = all.filter((_, index) => index % 2 === isDenied);
        const results = await everyCall();
        const lines = results.flatMap(({ out }) => out.split("\n"));
        const fixes = lines.filter((_, index) => lines[index - 1]?.startsWith("NOT CHECKED"));
        for (const action of tested.account.state.denied)
          assert.ok(
            fixes.some((fix) => fix.includes(action)),
            action,
          );
        assert.ok(results.every(({ code, out }) => code === 1 && out.includes("\nok ")));
      }
    });
  });

  it("stops at Ctrl-C, while the checks run", async () => {
    tested.configure({ domainName: "tickets.test", hostedZoneId: "Z1" });
    promises.resolveNs = () => new Promise(() => undefined);
    const { code, out, errors } = await tested.run(/^Account /);
    assert.deepEqual([code, errors], [2, "Stopped.\n"]);
    assert.match(out, /^Account 123456789012, as .*\n$/);
  });

  it("reports credentials that STS refuses", async () => {
    tested.account.state.credentialsExpired = true;
    const { code, errors } = await tested.run();
    assert.equal(code, 2);
    assert.match(errors, /^STS does not confirm the AWS credentials \(ExpiredToken: .*\); sign in again/);
  });

  it("reports a missing stack name, and an unknown stack", async () => {
    assert.match(
      (await runHere(["preflight"])).errors,
      /^No stack was given\. Use --stack NAME, for example --stack ireland\.\n$/,
    );
    tested.pulumi.fails("error: no stack named 'ireland' found\n");
    const { code, errors } = await tested.run();
    assert.deepEqual(
      [code, errors],
      [2, 'The stack "ireland" does not exist; pulumi stack ls lists the existing stacks.\n'],
    );
  });

  it("reports a missing passphrase", async () => {
    tested.pulumi.fails(
      "error: getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE\n",
    );
    assert.match(
      (await tested.run()).errors,
      /^The Pulumi CLI cannot decrypt the secrets of the stack ireland; set PULUMI_CONFIG_PASSPHRASE or /,
    );
  });

  it("reports regions that are not two", async () => {
    tested.configure({ regions: "[]" });
    assert.match(
      (await tested.run()).errors,
      /^The regions of the stack ireland are "\[\]", which is not a list of two regions; pulumi preview --stack ireland shows/,
    );
  });

  describe("without credentials", () => {
    withEnvironment({
      ...{ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined },
      ...{ AWS_PROFILE: undefined, AWS_CONFIG_FILE: "/nowhere", AWS_SHARED_CREDENTIALS_FILE: "/nowhere" },
      AWS_EC2_METADATA_DISABLED: "true",
    });
    it("names the ways to get credentials", async () => {
      tested.configure({ awsEndpoint: "" });
      const { code, errors } = await tested.run();
      assert.equal(code, 2);
      assert.match(
        errors,
        /^No AWS credentials were found \(.*\); set AWS_PROFILE or run aws sso login\.\n$/,
      );
    });
  });
});
