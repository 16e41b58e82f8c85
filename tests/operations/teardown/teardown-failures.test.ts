import assert from "node:assert/strict";
import { runHere, type CommandResult } from "../support/run-command";
import { bucketResources, useFakeStack } from "./fake-stack";

const TRAIL = { urn: "urn:trail", type: "aws:cloudtrail/trail:Trail", id: "trail", custom: true };

describe("npm run teardown, when a step fails", () => {
  const stack = useFakeStack();
  const teardown = (...args: readonly string[]): Promise<CommandResult> =>
    runHere(["teardown", "--stack", "ireland", ...args]);

  it("stops, and says how to continue and how to go back", async () => {
    stack.deploy(bucketResources(["failures"], stack.url));
    stack.behave("destroy --yes", { errors: "error: certificate in use\n", code: 255 });
    const { code, out, errors } = await teardown("--yes");
    assert.equal(code, 2);
    assert.match(out, /^error: certificate in use$/m);
    assert.equal(
      errors,
      "The teardown is not complete, and the data is no longer protected. To continue: npm run teardown -- --stack ireland. " +
        "To keep what is left and protect it again: pulumi up --refresh --stack ireland\n" +
        "pulumi destroy failed with exit code 255; its messages are above.\n",
    );
  });

  it("reports a CLI that ends before it has read the whole state", async () => {
    const [provider, records] = bucketResources(["records"], stack.url);
    const large = { urn: "urn:large", type: "pulumi:pulumi:Stack", text: "x".repeat(4_000_000) };
    stack.deploy([provider, records, { ...TRAIL, outputs: { s3BucketName: "records" } }, large]);
    stack.behave("stack import", { errors: "error: no access\n", code: 255, readsNoInput: true });
    const { code, errors } = await teardown("--yes");
    assert.equal(code, 2);
    assert.equal(errors, "pulumi stack failed with exit code 255; its messages are above.\n");
  });

  it("names the bucket of a trail also after a failure, when it may have left the state", async () => {
    const [provider, records] = bucketResources(["records"], stack.url);
    stack.deploy([provider, { ...records, retainOnDelete: true }]);
    stack.behave("destroy --yes", { errors: "error: certificate in use\n", code: 255 });
    const { code, out } = await teardown("--yes");
    assert.equal(code, 2);
    assert.match(out, /^Kept: the bucket records in eu-west-1, .* aws s3 rb s3:\/\/records --force/m);
  });

  for (const [what, message] of Object.entries({
    bucket:
      /^The bucket failures in eu-west-1 could not be emptied \(.*ECONNREFUSED.*\)\. Fix the cause, then/m,
    table:
      /^The deletion protection of the table tickets in eu-west-1 could not be turned off \(.*ECONNREFUSED/m,
  }))
    it(`says which ${what} of a region that does not respond is in the way`, async () => {
      // Nothing listens on port 1.
      const [provider, bucket] = bucketResources(["failures"], "http://127.0.0.1:1");
      const table = { ...bucket, urn: "urn:table", type: "aws:dynamodb/table:Table", id: "tickets" };
      stack.deploy([provider, what === "bucket" ? bucket : table]);
      const { code, errors } = await teardown("--yes");
      assert.equal(code, 2);
      assert.match(errors, /^The teardown is not complete, /);
      assert.match(errors, message);
      assert.doesNotMatch(errors, /^ +at /m);
    }).timeout(30_000);
});
