import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DecisionLog, type Evaluation } from "../../../../local/aws/iam/decision-log";

describe("DecisionLog", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "decision-log-"));
    file = join(folder, "decisions.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function evaluationOf(action: string): Evaluation {
    const resource = "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets";
    const context = { "dynamodb:LeadingKeys": ["a\nb"] };
    return { roleArn: "arn:aws:iam::000000000000:role/reader", action, resource, context, allowed: true };
  }

  it("writes every evaluation in order, one per line, and replaces an earlier file", async () => {
    writeFileSync(file, "of an earlier run\n");
    const log = await DecisionLog.create(file);
    const expected = Array.from({ length: 1000 }, (_, index) => evaluationOf(`dynamodb:Action${index}`));
    expected.forEach(log.add);
    await log.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as Evaluation),
      expected,
    );
  });

  it("creates a file that no other user can read", async () => {
    await (await DecisionLog.create(file)).close();
    assert.equal(statSync(file).mode & 0o077, 0);
  });

  it("rejects a file that cannot be written, with the option to change", async () => {
    await assert.rejects(DecisionLog.create(join(folder, "absent", "decisions.jsonl")), {
      message: /decisions\.jsonl for IAM decisions cannot be written: ENOENT.*Give --iam-log a file/s,
    });
  });
});
