import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findDeployment } from "../../../operations/cli/deployment";
import { closeServer, listen } from "../../../local/aws/listen";
import { runHere, runProcess } from "../support/run-command";

const REGION = {
  code: "eu-west-1",
  api: "https://api",
  ui: "http://ui",
  table: "tickets",
  conflictTable: "conflicts",
  quarantineQueue: "https://sqs.eu-west-1.amazonaws.com/000000000000/quarantine",
  failureBucket: "failures",
};
const COMMANDS = ["status", "takeover", "failback", "drill", "redrive", "reconcile", "preflight", "teardown"];
const OUTPUTS = { regions: { ireland: REGION, singapore: { ...REGION, code: "ap-southeast-1" } } };

describe("findDeployment", () => {
  describe("from stack outputs", () => {
    let directory: string;
    const { PATH = "" } = process.env;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "pulumi-"));
    });
    afterEach(async () => {
      process.env.PATH = PATH;
      await rm(directory, { recursive: true });
    });

    /** Adds a fake Pulumi CLI to the path. */
    async function pulumi(answer: { out?: object; errors?: string }): Promise<void> {
      const file = join(directory, "pulumi");
      const { out, errors } = answer;
      await writeFile(join(directory, "out"), out ? JSON.stringify(out) : "");
      await writeFile(join(directory, "errors"), errors ?? "");
      const folder = JSON.stringify(directory);
      await writeFile(
        file,
        `#!/bin/sh\necho "$@" > ${folder}/args\ncat ${folder}/out\ncat ${folder}/errors >&2\nexit ${errors ? 255 : 0}\n`,
      );
      await chmod(file, 0o755);
      process.env.PATH = directory + delimiter + PATH;
    }

    it("reads both regions", async () => {
      await pulumi({ out: OUTPUTS });
      const { stack, regions } = await findDeployment({ stack: "ireland" });
      assert.equal(stack, "ireland");
      assert.deepEqual(
        regions.map(({ name, code, table, endpoints }) => [name, code, table, endpoints]),
        [
          ["ireland", "eu-west-1", "tickets", undefined],
          ["singapore", "ap-southeast-1", "tickets", undefined],
        ],
      );
    });

    it("reads the domain and the primary, if present", async () => {
      await pulumi({ out: OUTPUTS });
      assert.deepEqual((await findDeployment({ stack: "ireland" })).naming, {});
      await pulumi({
        out: {
          ...OUTPUTS,
          primary: "ireland",
          failback: "automatic",
          healthChecks: { ireland: "check-1", singapore: "check-2" },
          failoverUrl: "https://api.tickets.example.com",
        },
      });
      const { naming } = await findDeployment({ stack: "ireland" });
      assert.deepEqual(naming, {
        primary: "ireland",
        failback: "automatic",
        healthChecks: { ireland: "check-1", singapore: "check-2" },
        domain: "tickets.example.com",
      });
    });

    it("rejects the outputs of another stack, for every form of the name", async () => {
      await pulumi({ out: { ...OUTPUTS, stack: "ireland" } });
      assert.equal((await findDeployment({ stack: "ireland" })).stack, "ireland");
      await assert.rejects(findDeployment({ stack: "anything" }), {
        message:
          "These are the outputs of the stack ireland, not of anything; update it first: pulumi up --stack anything.",
      });
      const outputs = join(directory, "null.json");
      await writeFile(outputs, "null");
      await assert.rejects(
        findDeployment({ stack: "ireland", outputs }),
        /does not report its two regions; save them/,
      );
    });

    it("passes a qualified name to the CLI and uses its last part as the stack name", async () => {
      await pulumi({ out: { ...OUTPUTS, stack: "ireland" } });
      for (const name of ["acme/ireland", "acme/tickets/ireland"]) {
        const { stack, givenStack } = await findDeployment({ stack: name });
        assert.deepEqual([stack, givenStack], ["ireland", name]);
        const args = await readFile(join(directory, "args"), "utf8");
        assert.equal(args, `stack output --json --non-interactive --stack ${name}\n`);
      }
      await assert.rejects(findDeployment({ stack: "acme/singapore" }), {
        message:
          "These are the outputs of the stack ireland, not of acme/singapore; update it first: pulumi up --stack acme/singapore.",
      });
    });

    it("accepts a qualified name with saved outputs", async () => {
      const outputs = join(directory, "outputs.json");
      await writeFile(outputs, JSON.stringify({ ...OUTPUTS, stack: "ireland" }));
      assert.equal((await findDeployment({ stack: "acme/tickets/ireland", outputs })).stack, "ireland");
    });

    it("rejects a malformed name in every command before any request", async () => {
      await pulumi({ out: OUTPUTS });
      for (const command of COMMANDS)
        for (const name of ["../../outputs", "a/b/c/d", "acme/"]) {
          const { code, errors } = await runHere([command, "--stack", name]);
          assert.equal(code, 2);
          assert.match(
            errors,
            /is not a stack name\. Use ireland, organization\/ireland or organization\/tickets\/ireland/,
          );
        }
      await assert.rejects(readFile(join(directory, "args")), /ENOENT/);
    });

    it("reads saved outputs without the CLI", async () => {
      process.env.PATH = directory;
      const outputs = join(directory, "outputs.json");
      await writeFile(outputs, JSON.stringify({ ...OUTPUTS, failoverUrl: "https://api.tickets.test" }));
      const { regions, naming } = await findDeployment({ stack: "ireland", outputs });
      assert.deepEqual([regions.length, naming.domain], [2, "tickets.test"]);
      await writeFile(outputs, "{}");
      await assert.rejects(
        findDeployment({ stack: "ireland", outputs }),
        /does not report its two regions; save them again: pulumi stack output --json --stack ireland > /,
      );
      await assert.rejects(findDeployment({ outputs }), /No stack was given/);
    });

    const refused: Record<string, readonly [Parameters<typeof pulumi>[0], RegExp]> = {
      "rejects an unknown stack": [
        { errors: "error: no stack named 'mars' found\n" },
        /^The stack "mars" does not exist; pulumi stack ls lists the existing stacks\.$/,
      ],
      "reports a missing login": [
        { errors: "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions\n" },
        /^The Pulumi CLI is not logged in; run pulumi login first\.$/,
      ],
      "reports any other error of the CLI": [
        { errors: "warning: old\nerror: could not decrypt the configuration\n" },
        /^The Pulumi CLI returned no outputs of the stack mars: could not decrypt the configuration$/,
      ],
      "rejects a stack that was never updated": [
        { out: {} },
        /^The stack mars does not report its two regions; update it first: pulumi up --stack mars\.$/,
      ],
      "rejects a stack of an earlier version": [
        { out: { regions: { ireland: { ...REGION, failureBucket: undefined }, singapore: REGION } } },
        /^The stack mars does not report failureBucket of ireland; update it first: pulumi up --stack mars\.$/,
      ],
    };
    for (const [what, [answer, message]] of Object.entries(refused))
      it(what, async () => {
        await pulumi(answer);
        await assert.rejects(findDeployment({ stack: "mars" }), { message });
      });

    it("reports a missing CLI", async () => {
      process.env.PATH = directory;
      await assert.rejects(
        findDeployment({ stack: "mars" }),
        /^Error: The Pulumi CLI was not found; install it/,
      );
    });

    it("reports a missing stack name", async () => {
      await assert.rejects(findDeployment({}), /^Error: No stack was given/);
    });

    it("fails both commands with one sentence and exit code 2 without credentials", async () => {
      await pulumi({ out: OUTPUTS });
      const none = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"];
      const env = {
        ...Object.fromEntries(none.map((name) => [name, undefined])),
        AWS_CONFIG_FILE: join(directory, "none"),
        AWS_SHARED_CREDENTIALS_FILE: join(directory, "none"),
        AWS_EC2_METADATA_DISABLED: "true",
      };
      for (const command of ["redrive", "reconcile"]) {
        const { code, out, errors } = await runProcess([command, "--stack", "ireland"], env);
        assert.deepEqual([code, out], [2, ""]);
        assert.match(
          errors,
          /^No AWS credentials were found \(.*\); set AWS_PROFILE or run aws sso login\.\n$/,
        );
      }
    });
  });

  describe("from the console of the local cloud", () => {
    let server: Server;
    let url: string;
    let answer: string;
    beforeEach(async () => {
      server = createServer((_, response) => response.end(answer));
      url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a console" })}`;
    });
    afterEach(() => closeServer(server));

    it("reads the service endpoints", async () => {
      const endpoints = { dynamodb: "http://d", sqs: "http://q", s3: "http://o" };
      const regions = { ireland: { ...REGION, ...endpoints }, singapore: { ...REGION, ...endpoints } };
      answer = JSON.stringify({ stack: "ireland", regions });
      const deployment = await findDeployment({ local: url });
      assert.equal(deployment.stack, "ireland");
      assert.deepEqual(deployment.regions[0].endpoints, endpoints);
      for (const stack of ["ireland", "acme/ireland", "acme/tickets/ireland"])
        assert.equal((await findDeployment({ local: url, stack })).stack, "ireland");
      await assert.rejects(
        findDeployment({ local: url, stack: "acme/tickets/singapore" }),
        /runs the stack ireland, not acme\/tickets\/singapore\.$/,
      );
    });

    it("rejects another server at that URL", async () => {
      answer = "{}";
      await assert.rejects(findDeployment({ local: url }), /is not the console of a local cloud\.$/);
      answer = "<html>";
      await assert.rejects(
        findDeployment({ local: url }),
        /The server at .* is not the console of a local cloud\.$/,
      );
    });

    it("reports that no server responds", async () => {
      await closeServer(server);
      await assert.rejects(
        findDeployment({ local: url }),
        /ECONNREFUSED.*; start it with npm start, or specify its console with --local=URL\.$/,
      );
    });
  });
});
