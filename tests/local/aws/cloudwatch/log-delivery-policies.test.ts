import assert from "node:assert/strict";
import { LogDeliveryPolicies } from "../../../../local/aws/cloudwatch/log-delivery-policies";

const IRELAND = "eu-west-1";

describe("LogDeliveryPolicies", () => {
  let policies: LogDeliveryPolicies;
  beforeEach(() => {
    policies = new LogDeliveryPolicies();
  });

  const arn = (name: string): string => `arn:aws:logs:${IRELAND}:000000000000:log-group:${name}`;
  const resources = (region = IRELAND): string[] => {
    const { Statement } = JSON.parse(policies.policy(region)) as { Statement: { Resource: string[] }[] };
    return Statement[0].Resource;
  };

  it("adds each log group once to the policy of its region", () => {
    for (const name of ["one", "two", "one"]) policies.allow(IRELAND, arn(name));
    assert.deepEqual(resources(), [`${arn("one")}:log-stream:*`, `${arn("two")}:log-stream:*`]);
    assert.deepEqual(resources("ap-southeast-1"), []);
  });

  it("has one entry for all log groups under /aws/vendedlogs/", () => {
    for (let index = 0; index < 1000; index++)
      policies.allow(IRELAND, arn(`/aws/vendedlogs/ireland-api-access-${index}`));
    assert.deepEqual(resources(), [arn("/aws/vendedlogs/*")]);
  });

  it("refuses the log group that makes a policy longer than 5,120 characters, and stays unchanged", () => {
    const nameOf = (index: number): string => `ireland-api-access-${String(index).padStart(7, "0")}`;
    let count = 0;
    assert.throws(() => {
      for (; count < 1000; count++) policies.allow(IRELAND, arn(nameOf(count)));
    }, /^Error: BadRequestException: Cannot enable logging\. Policy document length breaking Cloudwatch Logs Constraints, either < 1 or > 5120/);
    assert.equal(resources().length, count);
    const before = policies.policy(IRELAND);
    assert.ok(before.length <= 5120 && before.length > 4900, `${before.length}`);
    assert.throws(
      () => policies.allow(IRELAND, arn(nameOf(count))),
      new RegExp(
        `${nameOf(count)} the log delivery policy of eu-west-1 would have 5\\d{3} characters\\. Give`,
      ),
    );
    assert.equal(policies.policy(IRELAND), before);
    // Entries that exist, those of other regions, and the one for /aws/vendedlogs/ still have room.
    policies.allow(IRELAND, arn(nameOf(0)));
    policies.allow("ap-southeast-1", arn("another-region"));
    policies.allow(IRELAND, arn("/aws/vendedlogs/access"));
    assert.equal(resources().length, count + 1);
    assert.ok(policies.policy(IRELAND).length <= 5120);
  });
});
