import assert from "node:assert/strict";
import { expectCode } from "../support/run-command";
import { readyAccount } from "./fake-account";
import { usePreflight } from "./preflight-fixture";

describe("npm run preflight", () => {
  const tested = usePreflight();

  it("finds nothing to do in an account that is ready, with and without a domain", async () => {
    for (const config of [{}, { domainName: "tickets.test", hostedZoneId: "Z1" }]) {
      tested.configure(config);
      const result = await tested.run();
      expectCode(result, 0);
      assert.match(result.out, /^Account 123456789012, as arn:aws:iam::123456789012:user\/operator\.$/m);
      assert.match(result.out, /^Nothing to do before pulumi up --stack ireland\.$/m);
      assert.doesNotMatch(result.out, /^note|^TO DO|^NOT/m);
    }
  });

  it("reports a region that is not enabled, one that is being enabled, and one that does not exist", async () => {
    tested.account.state.regions["ap-southeast-1"] = "DISABLED";
    assert.match(
      await tested.onlyToDo(),
      /^The region ap-southeast-1 is not enabled\. aws account enable-region --region-name ap-southeast-1,/,
    );
    tested.account.state.regions["ap-southeast-1"] = "ENABLING";
    assert.match(await tested.onlyToDo(), /^AWS is enabling the region ap-southeast-1\. Wait until/);
    delete tested.account.state.regions["ap-southeast-1"];
    assert.match(
      await tested.onlyToDo(),
      /^This account has no region ap-southeast-1\. Correct tickets:regions/,
    );
  });

  it("reports the concurrency quota of a new account, with the command that requests more", async () => {
    tested.account.state.concurrency = 10;
    const { code, out } = await tested.run();
    assert.equal(code, 1);
    for (const region of ["eu-west-1", "ap-southeast-1"]) {
      assert.match(out, new RegExp(`^TO DO +Lambda in ${region} runs at most 10 functions at once`, "m"));
      assert.match(
        out,
        new RegExp(
          `aws service-quotas request-service-quota-increase .*--desired-value 1000 --region ${region}$`,
          "m",
        ),
      );
    }
  });

  it("reports concurrency that other functions have reserved", async () => {
    tested.account.state.unreserved = 99;
    assert.match((await tested.run()).out, /^TO DO .*at most 1000 functions at once, 99 of them without/m);
  });

  it("reports a reservation that leaves fewer than 100 executions unreserved, before the first update only", async () => {
    tested.account.state.unreserved = 107;
    tested.configure({ replicationConcurrency: "8" });
    const { code, out } = await tested.run();
    assert.equal(code, 1);
    for (const region of ["eu-west-1", "ap-southeast-1"])
      assert.match(
        out,
        new RegExp(`^TO DO +Lambda in ${region} .* tickets:replicationConcurrency reserves 8 of them`, "m"),
      );
    tested.account.state.unreserved = 108;
    expectCode(await tested.run(), 0);
    tested.account.state.unreserved = 107;
    tested.pulumi.answers("stack output", { consoleUrl: "" });
    expectCode(await tested.run(), 0);
  });

  it("ignores S3 Block Public Access unless the web UI is a public website", async () => {
    tested.account.state.publicAccess = { BlockPublicPolicy: true, RestrictPublicBuckets: true };
    expectCode(await tested.run(), 0);
    assert.ok(!tested.account.actions.has("s3:GetAccountPublicAccessBlock"));
    tested.configure({ publicWebsite: "true" });
    assert.match(
      await tested.onlyToDo(),
      /^S3 Block Public Access .* publicWebsite is true\. pulumi config rm tickets:publicWebsite\. Or aws s3control put-public-access-block --account-id 123456789012 /,
    );
    for (const block of [undefined, { BlockPublicPolicy: false, RestrictPublicBuckets: false }]) {
      tested.account.state.publicAccess = block;
      expectCode(await tested.run(), 0);
    }
  });

  it("says that no API shows whether CloudFront is verified, in an account without a distribution", async () => {
    tested.account.state.distributions = 0;
    const result = await tested.run();
    expectCode(result, 0);
    assert.match(
      result.out,
      /^note +The account has no CloudFront distribution\..*no API tells which\.\n +If pulumi up fails with "Your account must be verified", ask AWS Support/m,
    );
    tested.configure({ publicWebsite: "true" });
    assert.doesNotMatch((await tested.run()).out, /^note/m);
  });

  it("reports quotas that leave no room for health checks, a zone and certificates", async () => {
    tested.configure({ domainName: "tickets.test", hostedZoneId: "Z1" });
    tested.account.state.limits.MAX_HEALTH_CHECKS_BY_OWNER.count = 195;
    assert.match(
      await tested.onlyToDo(),
      /^The account has 195 of 200 Route 53 health checks, and the stack creates 6\. Delete what is not used, or request/,
    );
    tested.account.state = { ...readyAccount(), certificates: 2500 };
    const { out } = await tested.run();
    for (const region of ["eu-west-1", "ap-southeast-1", "us-east-1"])
      assert.match(out, new RegExp(`^TO DO +The account has 2500 of 2500 certificates in ${region}, `, "m"));
    tested.account.state = { ...readyAccount(), zones: {} };
    tested.account.state.limits.MAX_HOSTED_ZONES_BY_OWNER.count = 500;
    tested.configure({ domainName: "tickets.test" });
    assert.match(await tested.onlyToDo(), /^The account has 500 of 500 Route 53 hosted zones/);
  });

  it("reads the default quota where the account has none of its own", async () => {
    tested.configure({ domainName: "tickets.test", hostedZoneId: "Z1" });
    tested.account.state.certificateQuota = undefined;
    assert.match((await tested.run()).out, /^ok +The account has 4 of 2500 certificates in us-east-1/m);
  });

  it("counts no resources that the stack has already", async () => {
    tested.configure({ domainName: "tickets.test", hostedZoneId: "Z1" });
    tested.account.state.limits.MAX_HEALTH_CHECKS_BY_OWNER.count = 200;
    tested.pulumi.answers("stack output", { healthChecks: { ireland: "1", singapore: "2" } });
    expectCode(await tested.run(), 0);
  });
});
