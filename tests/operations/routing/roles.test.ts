import assert from "node:assert/strict";
import type { Deployment } from "../../../operations/cli/deployment";
import type { Naming } from "../../../operations/cli/deployed-regions";
import { endLeftoverTakeover } from "../../../operations/failback/leftover-takeover";
import { eventLine, operatorName, reasonIn, confirmStack } from "../../../operations/routing/operator";
import { rolesOf } from "../../../operations/routing/roles";

const region = (name: string): Deployment["regions"][0] => ({
  name,
  code: `code-of-${name}`,
  api: "",
  table: "",
  conflictTable: "",
  quarantineQueue: "",
  failureBucket: "",
});
const deployment = (naming: Naming): Deployment => ({
  stack: "ireland",
  regions: [region("ireland"), region("singapore")],
  naming,
});
const dns = (answers: Record<string, string>) => ({ text: async (name: string) => answers[name] });

describe("rolesOf()", () => {
  it("follows DNS rather than the last update", async () => {
    const naming = { domain: "tickets.test", primary: "ireland" };
    const { primary, secondary, confirmed } = await rolesOf(
      deployment(naming),
      dns({ "primary.tickets.test": "singapore" }),
      (line) => assert.fail(line),
    );
    assert.deepEqual([primary.name, secondary.name, confirmed], ["singapore", "ireland", true]);
  });

  it("follows the last update when DNS does not answer, with a warning", async () => {
    const stack = deployment({ domain: "tickets.test", primary: "ireland" });
    const lines: string[] = [];
    const { primary, confirmed } = await rolesOf(stack, dns({}), (line) => lines.push(line));
    assert.deepEqual([primary.name, confirmed], ["ireland", false]);
    assert.match(
      lines.join(),
      /^primary\.tickets\.test cannot be resolved\. ireland was the primary at .* stop here\.$/,
    );
  });

  it("returns unconfirmed roles, with which failback ends no leftover takeover", async () => {
    const stack = deployment({ domain: "tickets.test", primary: "ireland" });
    const lines: string[] = [];
    await endLeftoverTakeover(
      stack,
      await rolesOf(stack, dns({})),
      { dryRun: false, force: undefined },
      (line) => lines.push(line),
    );
    assert.deepEqual(lines, [
      "DNS does not confirm that ireland is the primary, so a leftover takeover in it is not ended.",
    ]);
  });

  const rejected: Record<string, readonly [Naming, RegExp]> = {
    "there is no domain": [{ primary: "ireland" }, /^Error: The stack ireland has no domain/],
    "the primary is unknown": [{ domain: "tickets.test" }, /neither primary\.tickets\.test in DNS nor/],
    "the primary is another region": [
      { domain: "tickets.test", primary: "oregon" },
      /The primary is oregon, but/,
    ],
  };
  for (const [what, [naming, message]] of Object.entries(rejected))
    it(`rejects when ${what}`, async () => {
      await assert.rejects(rolesOf(deployment(naming), dns({})), message);
    });
});

describe("Record of an operator's change", () => {
  it("contains the user behind sudo, or the user", () => {
    assert.equal(operatorName({ SUDO_USER: "ada", USER: "root" }), "operator ada");
    assert.equal(operatorName({ USER: "ben" }), "operator ben");
    assert.match(operatorName({}), /^operator .+/);
  });

  it("contains the user id when the user has no name, as in a container", () => {
    const nameless = (): never => {
      throw new Error(
        "A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)",
      );
    };
    assert.equal(operatorName({}, nameless), `operator uid ${process.getuid?.()}`);
    assert.equal(
      operatorName({}, () => ({ username: "cleo" })),
      "operator cleo",
    );
  });

  it("is one line of JSON", () => {
    const event = {
      what: "takeover",
      by: "operator ada",
      at: "2025-11-23T13:20:00.000Z",
      reason: "fire",
    } as const;
    assert.deepEqual(JSON.parse(eventLine(event, { stack: "ireland", region: "ap-southeast-1" })), {
      timestamp: event.at,
      event: "takeover",
      stack: "ireland",
      region: "ap-southeast-1",
      by: event.by,
      at: event.at,
      reason: event.reason,
    });
  });

  it("requires a reason", () => {
    assert.equal(reasonIn("--reason", " fire "), "fire");
    for (const nothing of [undefined, "", "  "])
      assert.throws(() => reasonIn("--reason", nothing), /^Error: --reason "…" needs a reason/);
  });
});

describe("Confirmation of a change", () => {
  const { signal } = new AbortController();
  const confirm = (typed: string | undefined): Promise<void> =>
    confirmStack("ireland", "Careful.", signal, async (question) => {
      assert.match(question, /^Careful\.\nType the stack name, ireland/);
      return typed;
    });

  it("accepts only the stack name", async () => {
    await confirm("ireland");
    await confirm("acme/tickets/ireland");
    for (const typed of ["acme/shop/ireland", "acme/ireland/", "singapore", ""])
      await assert.rejects(
        confirm(typed),
        /^Error: The stack name was not confirmed\. Nothing was changed\.$/,
      );
    await assert.rejects(confirm("yes"), /^Error: The stack name was not confirmed\. Nothing was changed\.$/);
    await assert.rejects(confirm(undefined), /use --yes/);
  });
});
