import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { EngineRunRecorder, resourceNameOf } from "../../../../local/pulumi/engine/engine-run";

const urnOf = (name: string): string =>
  `urn:pulumi:ireland::tickets::tickets:test:Group$aws:sqs/queue:Queue::${name}`;
const named = (name: string): string => `aws:sqs/queue:Queue ${name}`;

describe("EngineRunRecorder", () => {
  let sequence = 0;
  const event = (parts: object): EngineEvent => ({ sequence: sequence++, timestamp: 0, ...parts });
  const metadata = (op: string, name: string, diffs?: string[]): object => ({
    metadata: { op, urn: urnOf(name), type: "", provider: "", diffs },
  });

  it("returns the sets of resources and the operations in order", () => {
    const recorder = new EngineRunRecorder(false);
    for (const [op, name] of [
      ["same", "e"],
      ["create", "b"],
      ["create", "a"],
      ["update", "c"],
      ["create-replacement", "d"],
      ["replace", "d"],
      ["delete-replaced", "d"],
      ["delete", "f"],
    ])
      recorder.onEvent(event({ resOutputsEvent: metadata(op, name) }));
    const run = recorder.result();
    assert.deepEqual(
      [run.created, run.updated, run.replaced, run.deleted, run.same],
      [[named("a"), named("b")], [named("c")], [named("d")], [named("f")], [named("e")]],
    );
    assert.deepEqual(
      run.operations.map(({ operation }) => operation),
      ["same", "create", "create", "update", "create-replacement", "replace", "delete-replaced", "delete"],
    );
  });

  it("returns the planned operations of a preview", () => {
    const recorder = new EngineRunRecorder(true);
    recorder.onEvent(event({ resourcePreEvent: metadata("update", "a", ["z", "b"]) }));
    const { updated, operations } = recorder.result();
    assert.deepEqual(updated, [named("a")]);
    assert.deepEqual(operations[0].changed, ["b", "z"]);
  });

  it("counts only finished operations of other runs", () => {
    const recorder = new EngineRunRecorder(false);
    recorder.onEvent(event({ resourcePreEvent: metadata("create", "a") }));
    recorder.onEvent(event({ resOpFailedEvent: metadata("create", "a") }));
    assert.deepEqual([recorder.result().created, recorder.result().failed], [[], [named("a")]]);
  });

  it("returns warnings and errors without color marks", () => {
    const recorder = new EngineRunRecorder(false);
    const diagnostic = (severity: string, message: string, urn?: string): object => ({
      diagnosticEvent: { severity, message, urn, color: "never" },
    });
    recorder.onEvent(event(diagnostic("warning", "<{%reset%}>careful<{%reset%}>\n")));
    recorder.onEvent(event(diagnostic("error", "broken", urnOf("a"))));
    recorder.onEvent(event(diagnostic("info", "by the way")));
    const { warnings, errors } = recorder.result();
    assert.deepEqual([warnings, errors], [["careful"], [`${named("a")}: broken`]]);
  });
});

describe("resourceNameOf", () => {
  it("returns type and name, which may contain two colons", () => {
    assert.equal(resourceNameOf(urnOf("a::b")), "aws:sqs/queue:Queue a::b");
  });
});
