import assert from "node:assert/strict";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource } from "../../support/create-resource";
import { aliasTo, RECORD, startRoute53, ZONE } from "./open-route53";

const DISTRIBUTION = { name: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" };

describe("Route 53 alias to a CloudFront distribution", () => {
  let route53: LocalRoute53;
  let zoneId: string;

  beforeEach(async () => {
    route53 = await startRoute53();
    route53.registerAliasTarget(DISTRIBUTION);
    zoneId = (await createResource(route53, ZONE, { name: "tickets.test" })).id;
  });
  afterEach(() => route53.close());

  const alias = (type: string, evaluateTargetHealth: boolean): Promise<unknown> =>
    createResource(route53, RECORD, {
      zoneId,
      name: "app.tickets.test",
      type,
      aliases: aliasTo(DISTRIBUTION, evaluateTargetHealth),
    });

  it("resolves to the address of the edge in every state of the regions, without IPv6", async () => {
    await alias("A", false);
    await alias("AAAA", false);
    const answer = { name: "app.tickets.test", type: "A", ttl: 60, data: "127.0.0.10" };
    assert.deepEqual(route53.resolve("app.tickets.test", "A"), [answer]);
    assert.deepEqual(route53.resolve("app.tickets.test", "AAAA"), []);
  });

  it("cannot evaluate the distribution's health", async () => {
    await assert.rejects(
      alias("A", true),
      /^Error: Record app\.tickets\.test A: InvalidChangeBatch: evaluateTargetHealth must be false for the CloudFront distribution d111111abcdef8/,
    );
  });
});
