import assert from "node:assert/strict";
import { NEEDED } from "../../operations/preflight/quota-checks";
import { drainProgram, ofType } from "../support/mocked-program";

describe("Quotas that npm run preflight checks", () => {
  it("are for as many resources as the program creates with a domain", async () => {
    const program = await drainProgram({
      stack: "ireland",
      config: { "tickets:domainName": "tickets.test" },
    });
    const certificates = ofType(program, "aws:acm/certificate:Certificate");
    const perRegion = new Map<string, number>();
    for (const { provider } of certificates) perRegion.set(provider, (perRegion.get(provider) ?? 0) + 1);
    assert.equal(perRegion.size, 3);
    assert.deepEqual(
      {
        healthChecks: ofType(program, "aws:route53/healthCheck:HealthCheck").length,
        hostedZones: ofType(program, "aws:route53/zone:Zone").length,
        certificatesPerRegion: Math.max(...perRegion.values()),
      },
      NEEDED,
    );
  });
});
