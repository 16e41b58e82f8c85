import assert from "node:assert/strict";
import { resourceNameOf, type EngineRun } from "../../local/pulumi/engine/engine-run";
import { drainProgram } from "../support/mocked-program";
import { describeWithEngine, useEngineCloud } from "./support/engine-cloud";

const CONFIG = {
  "tickets:domainName": "tickets.test",
  "tickets:auditTrail": "true",
  "tickets:alarmEmail": "team@example.com",
};
const COMPONENT = "awsx:cloudtrail:Trail audit-trail";

describeWithEngine("the preview of a new stack", () => {
  const cloud = useEngineCloud();
  const operations: unknown[] = [];
  let preview: EngineRun;

  before(async () => {
    cloud().before = (operation) => void operations.push(operation);
    const stack = await cloud().openStack("ireland", { config: CONFIG });
    preview = await stack.preview();
  });

  it("announces every resource of the program, with the children of the remote component", async () => {
    const { resources } = await drainProgram({ stack: "ireland", config: CONFIG });
    const declared = resources.map(({ urn }) => resourceNameOf(urn));
    assert.ok(declared.includes(COMPONENT));
    const isChild = (name: string): boolean => !declared.includes(name) && name.endsWith(" audit-trail");
    assert.ok(preview.created.some(isChild));
    // The engine provides for the remote component itself.
    const isDefault = (name: string): boolean => /^pulumi:providers:(awsx|pulumi) default/.test(name);
    const others = preview.created.filter((name) => !isChild(name) && !isDefault(name));
    assert.deepEqual(others, ["pulumi:pulumi:Stack tickets-ireland", ...declared].sort());
  });

  it("plans no other operation and prints no warning", () => {
    assert.deepEqual([...new Set(preview.operations.map(({ operation }) => operation))], ["create"]);
    assert.deepEqual(preview.warnings, []);
  });

  it("creates nothing", () => {
    assert.deepEqual(operations, []);
  });
});
