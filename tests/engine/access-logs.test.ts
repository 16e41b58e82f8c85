import assert from "node:assert/strict";
import { describeWithEngine, useEngineCloud } from "./support/engine-cloud";

interface Stage {
  readonly accessLogSettings: { readonly destinationArn: string };
}

const REGIONS = ["eu-west-1", "ap-southeast-1"];

describeWithEngine("the access logs of an account whose log delivery policies are full", () => {
  const cloud = useEngineCloud();

  /** Lets other APIs add their log groups to the policy of a region until it has no room for one more. */
  function fill(region: string): void {
    const { logDelivery } = cloud().host.services.cloudWatch;
    logDelivery.allow(region, `arn:aws:logs:${region}:000000000000:log-group:/aws/vendedlogs/another-stack`);
    const allow = (name: string): void =>
      logDelivery.allow(region, `arn:aws:logs:${region}:000000000000:log-group:${name}`);
    assert.throws(() => {
      for (let index = 0; index < 1000; index++) allow(`${index}`);
    }, /Policy document length/);
  }

  it("are created and deleted again and again", async () => {
    REGIONS.forEach(fill);
    const { logDelivery } = cloud().host.services.cloudWatch;
    const policies = REGIONS.map((region) => logDelivery.policy(region));
    const stack = await cloud().openStack("ireland", { config: { "tickets:protectData": "false" } });
    for (let round = 0; round < 2; round++) {
      await stack.up();
      const { resources = [] } = await stack.state();
      const stages = resources.filter(({ type }) => type === "aws:apigatewayv2/stage:Stage");
      const groups = stages.map(
        ({ inputs }) => (inputs as unknown as Stage).accessLogSettings.destinationArn,
      );
      assert.equal(groups.length, 2);
      for (const group of groups) assert.match(group, /:log-group:\/aws\/vendedlogs\//);
      await stack.destroy();
    }
    assert.deepEqual(
      REGIONS.map((region) => logDelivery.policy(region)),
      policies,
    );
  });
});
