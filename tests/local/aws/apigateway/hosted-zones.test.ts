import assert from "node:assert/strict";
import { hostedZoneIdOf } from "../../../../local/aws/apigateway/hosted-zones";

describe("hostedZoneIdOf", () => {
  it("returns AWS's id of the hosted zone of a region, also of one that an account must enable first", () => {
    assert.equal(hostedZoneIdOf("us-east-1"), "Z1UJRXOUMOOFQ8");
    assert.equal(hostedZoneIdOf("me-central-1"), "Z08780021BKYYY8U0YHTV");
  });

  it("returns one id of the same form for each region that is newer than its list", () => {
    const [west, east] = ["sa-west-1", "sa-west-2"].map(hostedZoneIdOf);
    for (const id of [west, east]) assert.match(id, /^Z[A-Z0-9]{20}$/);
    assert.notEqual(west, east);
    assert.equal(hostedZoneIdOf("sa-west-1"), west);
  });
});
