import assert from "node:assert/strict";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource } from "../../support/create-resource";
import { RECORD, startRoute53, ZONE } from "../route53/open-route53";
import type { LambdaFixture } from "./lambda-fixture";
import { startLambda } from "./lambda-fixture";

describe("The DNS resolver of a local Lambda function", () => {
  let fixture: LambdaFixture;
  let route53: LocalRoute53;
  before(async () => {
    route53 = await startRoute53();
    const { id: zoneId } = await createResource(route53, ZONE, { name: "tickets.test" });
    const records = ["ireland"];
    await createResource(route53, RECORD, { zoneId, name: "primary", type: "TXT", ttl: 60, records });
    fixture = await startLambda(undefined, { dnsServer: () => route53.dnsAddress });
  });
  after(async () => {
    await fixture.remove();
    await route53.close();
  });

  it("resolves the records of the local hosted zones", async () => {
    const { outputs } = await fixture.deploy(`
      const dns = require("node:dns");
      const nameOf = (error) => error.code;
      exports.handler = async () => [
        await dns.promises.resolveTxt("primary.tickets.test"),
        await dns.promises.resolveTxt("secondary.tickets.test").catch(nameOf),
        await dns.promises.resolve4("primary.tickets.test").catch(nameOf),
        (await dns.promises.lookup("127.0.0.1")).address,
      ];`);
    assert.deepEqual(await fixture.lambda.invoke(outputs.arn as string, {}), {
      payload: [[["ireland"]], "ENOTFOUND", "ENODATA", "127.0.0.1"],
    });
  });
});
