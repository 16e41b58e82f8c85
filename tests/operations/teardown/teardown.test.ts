import assert from "node:assert/strict";
import { withEnvironment } from "../../support/environment";
import { FakeAccount } from "../preflight/fake-account";
import { expectCode, runHere, type CommandResult } from "../support/run-command";
import { bucketResources, useFakeStack } from "./fake-stack";

const TRAIL = { urn: "urn:trail", type: "aws:cloudtrail/trail:Trail", id: "trail", custom: true };
/** Reads the state for the plan and again after the confirmation. */
const READ = ["stack export", "stack export"];
/** Destroys, and reads the state before and after. */
const DESTROY = [...READ, "destroy --yes", "stack export"];

describe("npm run teardown", () => {
  const stack = useFakeStack();
  const teardown = (...args: readonly string[]): Promise<CommandResult> =>
    runHere(["teardown", "--stack", "ireland", ...args]);

  it("empties the buckets, then destroys", async () => {
    await stack.fill("failures", 3);
    stack.deploy(bucketResources(["failures"], stack.url));
    const result = await teardown("--yes");
    expectCode(result, 0);
    assert.equal(await stack.objects("failures"), 0);
    assert.deepEqual(stack.commands(), DESTROY);
    assert.match(result.out, /^Deleted 3 objects and versions of the bucket failures\.$/m);
    assert.match(result.out, /--tag-filters Key=pulumi:stack,Values=ireland --region eu-west-1$/m);
    assert.match(result.out, /^To delete the empty stack: pulumi stack rm ireland$/m);
  });

  it("counts a bucket that does not exist any more as empty", async () => {
    stack.deploy(bucketResources(["gone"], stack.url));
    expectCode(await teardown("--yes"), 0);
    assert.deepEqual(stack.commands(), DESTROY);
  });

  it("turns off the protection in the state only if something is protected", async () => {
    const [provider, bucket] = bucketResources(["gone"], stack.url);
    stack.deploy([provider, { ...bucket, protect: true }]);
    expectCode(await teardown("--yes"), 0);
    assert.deepEqual(stack.commands(), [
      ...READ,
      "state unprotect --all --yes",
      "destroy --yes",
      "stack export",
    ]);
  });

  it("keeps the bucket of a trail and retained buckets, and marks in the state only what is not retained", async () => {
    for (const bucket of ["failures", "records", "archive"]) await stack.fill(bucket, 1);
    const [provider, failures, records, archive] = bucketResources(
      ["failures", "records", "archive"],
      stack.url,
    );
    const trail = { ...TRAIL, outputs: { s3BucketName: "records" } };
    const retained = { ...archive, retainOnDelete: true };
    stack.deploy([provider, failures, records, retained, trail]);
    const result = await teardown("--yes");
    expectCode(result, 0);
    assert.deepEqual(stack.commands(), [...READ, "stack import", "destroy --yes", "stack export"]);
    assert.deepEqual(stack.imported(), {
      version: 3,
      deployment: {
        resources: [provider, failures, { ...records, retainOnDelete: true }, retained, trail],
        pending_operations: [],
        metadata: { kept: true },
      },
    });
    const counts = [stack.objects("failures"), stack.objects("records"), stack.objects("archive")];
    assert.deepEqual(await Promise.all(counts), [0, 1, 1]);
    for (const name of ["records", "archive"])
      assert.ok(
        result.out.includes(
          `To delete it: aws s3 rb s3://${name} --force --region eu-west-1 --endpoint-url ${stack.url}\n`,
        ),
        result.out,
      );
  });

  it("deletes a hosted zone and a record in it that the state retains, and says first to remove its delegation", async () => {
    const [provider, bucket] = bucketResources(["gone"], stack.url);
    const zone = {
      ...{ urn: "urn:zone", type: "aws:route53/zone:Zone", id: "Z1", custom: true },
      outputs: { name: "tickets.test", nameServers: ["ns-1.test", "ns-2.test"] },
    };
    const existing = { ...zone, urn: "urn:existing", id: "Z2", external: true };
    const record = {
      ...{ urn: "urn:record", type: "aws:route53/record:Record", id: "Z1_proof", custom: true },
      inputs: { zoneId: "Z1" },
    };
    const shared = { ...record, urn: "urn:shared", inputs: { zoneId: "Z2" }, retainOnDelete: true };
    const retained = [zone, record].map((resource) => ({ ...resource, retainOnDelete: true }));
    stack.deploy([provider, bucket, ...retained, existing, shared]);
    const result = await teardown("--yes");
    expectCode(result, 0);
    assert.deepEqual(stack.imported().deployment.resources, [
      provider,
      bucket,
      zone,
      record,
      existing,
      shared,
    ]);
    assert.match(
      result.out,
      /^Deletes the hosted zone of tickets\.test \(Z1\)\.\nFirst remove its delegation, .* NS records of tickets\.test with ns-1\.test, ns-2\.test\./m,
    );
    assert.doesNotMatch(result.out, /Z2/);
  });

  it("does not empty a bucket that the program only reads", async () => {
    await stack.fill("shared", 1);
    const [provider, shared, gone] = bucketResources(["shared", "gone"], stack.url);
    stack.deploy([provider, gone, { ...shared, external: true }]);
    expectCode(await teardown("--yes"), 0);
    assert.equal(await stack.objects("shared"), 1);
  });

  it("empties a bucket again that receives a record during the destroy", async () => {
    await stack.fill("failures", 1);
    stack.deploy(bucketResources(["failures"], stack.url));
    stack.behave("destroy --yes", {
      ...{ put: `${stack.url}/failures/late`, code: 255, errors: "error: BucketNotEmpty\n" },
    });
    expectCode(await teardown("--yes"), 0);
    assert.deepEqual(stack.commands(), [...DESTROY, "destroy --yes", "stack export"]);
    assert.equal(await stack.objects("failures"), 0);
  });

  it("stops a destroy that continues after a Ctrl-C in its preview", async () => {
    await stack.fill("failures", 1);
    stack.deploy(bucketResources(["failures"], stack.url));
    stack.behave("destroy --yes", { previewsThroughInterrupt: true });
    const stopped = await runHere(["teardown", "--stack", "ireland", "--yes"], /Previewing destroy/);
    expectCode(stopped, 2);
    assert.match(stopped.errors, /\nStopped\.\n$/);
    assert.match(stopped.out, /Destroying/);
  });

  it("does not take a cancelled destroy, which exits with 0, for a complete one", async () => {
    stack.deploy(bucketResources(["failures"], stack.url));
    stack.behave("destroy --yes", { isCancelled: true });
    const { code, out, errors } = await teardown("--yes");
    assert.equal(code, 2);
    assert.match(errors, /^pulumi destroy ended, but the stack ireland still has 2 resources\.$/m);
    assert.doesNotMatch(out, /no resources any more/);
  });

  for (const [backend, errors] of Object.entries({
    files:
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end\n",
    "Pulumi Cloud": "error: [409] Conflict: Another update is currently in progress.\n",
  }))
    it(`says how to release a lock of ${backend}`, async () => {
      stack.deploy(bucketResources(["failures"], stack.url));
      stack.behave("destroy --yes", { errors, code: 255 });
      assert.match(
        (await teardown("--yes")).errors,
        /If none is running, release the lock with pulumi cancel --stack ireland, then/,
      );
    });

  it("says that a stack is encrypted with a passphrase, when none is given", async () => {
    stack.deploy(bucketResources(["failures"], stack.url));
    const errors = "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE\n";
    stack.behave("destroy --yes", { errors, code: 255 });
    assert.match(
      (await teardown("--yes")).errors,
      /^The Pulumi CLI cannot decrypt the secrets of the stack ireland; set/m,
    );
  });

  it("names operations that were interrupted", async () => {
    stack.deploy(bucketResources(["failures"], stack.url), [
      { type: "creating", resource: { urn: "urn:queue" } },
    ]);
    const { out } = await teardown("--dry-run");
    assert.match(out, /^An earlier run of Pulumi was interrupted at urn:queue\. If a creation/m);
    assert.deepEqual(stack.commands(), ["stack export"]);
  });

  it("rejects a missing stack, an unknown one, and a missing CLI", async () => {
    assert.match((await runHere(["teardown"])).errors, /^No stack was given\. Use --stack NAME/);
    stack.behave("stack export", { errors: "error: no stack named 'ireland' found\n", code: 255 });
    assert.match(
      (await teardown("--yes")).errors,
      /^The stack "ireland" does not exist; pulumi stack ls lists/,
    );
    stack.withoutCli();
    assert.match((await teardown("--yes")).errors, /^The Pulumi CLI was not found; install it: https:/);
  });

  describe("on AWS", () => {
    const account = new FakeAccount();
    withEnvironment({
      ...{ AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: undefined },
      ...{ AWS_PROFILE: undefined, AWS_CONFIG_FILE: "/nowhere", AWS_SHARED_CREDENTIALS_FILE: "/nowhere" },
      ...{ AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL_STS: undefined },
      ...{ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined },
    });
    before(async () => {
      await account.start();
      process.env.AWS_ENDPOINT_URL_STS = account.url;
    });
    after(() => account.close());
    beforeEach(() => {
      const topic = { urn: "urn:topic", type: "aws:sns/topic:Topic", id: "topic", custom: true };
      const outputs = { arn: "arn:aws:sns:eu-west-1:210987654321:alarms" };
      stack.deploy([...bucketResources(["failures"]), { ...topic, outputs }]);
    });

    it("names no region of a bucket for which the state has none", async () => {
      const [, failures, records] = bucketResources(["failures", "records"]);
      stack.deploy([failures, { ...records, retainOnDelete: true }]);
      const { code, out, errors } = await teardown("--yes");
      assert.equal(code, 2);
      assert.match(out, /^Empties and deletes the buckets: failures\.$/m);
      assert.match(out, /^Keeps the bucket of the audit trail: records\.$/m);
      assert.match(
        out,
        /^Kept: the bucket records, with .* To delete it: aws s3 rb s3:\/\/records --force$/m,
      );
      assert.match(errors, /^The bucket failures could not be emptied \(Region is missing\)/m);
      assert.doesNotMatch(out + errors, /undefined/);
    });

    it("rejects credentials of another account before anything else", async () => {
      const { code, errors } = await teardown("--yes");
      assert.equal(code, 2);
      assert.equal(
        errors,
        "The stack ireland is in account 210987654321, but the credentials are of account 123456789012. " +
          "Set AWS_PROFILE to a profile of 210987654321.\n",
      );
      assert.deepEqual(stack.commands(), ["stack export"]);
    });

    it("rejects expired and missing credentials", async () => {
      account.state.credentialsExpired = true;
      assert.match(
        (await teardown("--yes")).errors,
        /^STS does not confirm the AWS credentials \(ExpiredToken/,
      );
      delete process.env.AWS_ACCESS_KEY_ID;
      assert.match((await teardown("--yes")).errors, /^No AWS credentials were found \(/);
      assert.deepEqual(stack.commands(), ["stack export", "stack export"]);
    });
  });
});
