import assert from "node:assert/strict";
import { ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const DOMAIN_NAME = "aws:apigatewayv2/domainName:DomainName";

describe("Routing", function () {
  this.timeout(120_000);
  let variants: Variant[];
  let routed: Variant[];
  before(async () => {
    variants = await allVariants();
    routed = variants.filter(({ hasDomain }) => hasDomain);
  });

  it("exists only with a domain", () => {
    assert.equal(routed.length, 4);
    const isRouting = ({ type, name }: ProgramResource): boolean =>
      /route53|acm/.test(type) || name === "routing";
    for (const { program, hasDomain } of variants) assert.equal(program.resources.some(isRouting), hasDomain);
  });

  it("creates a hosted zone unless one is configured, and adds every record to it", () => {
    for (const { program, title } of routed) {
      const isNew = title.includes("new zone");
      assert.deepEqual(
        ofType(program, "aws:route53/zone:Zone").map(({ inputs }) => inputs.name),
        isNew ? ["tickets.test"] : [],
      );
      const zoneIds = new Set(ofType(program, RECORD).map(({ inputs }) => inputs.zoneId));
      assert.deepEqual(zoneIds, new Set([isNew ? "ZNEW" : "Z0123456789EXAMPLE"]));
    }
  });

  it("creates a certificate for the domain and its subdomains in each region and in us-east-1, validated by one record", () => {
    for (const { program } of routed) {
      const certificates = ofType(program, "aws:acm/certificate:Certificate");
      assert.deepEqual(certificates.map(({ region }) => region).sort(), [
        "ap-southeast-1",
        "eu-west-1",
        "us-east-1",
      ]);
      for (const { inputs } of certificates)
        assert.deepEqual(inputs, {
          domainName: "tickets.test",
          subjectAlternativeNames: ["*.tickets.test"],
          validationMethod: "DNS",
        });
      const proofs = ofType(program, RECORD).filter(({ inputs }) => inputs.type === "CNAME");
      assert.equal(proofs[0].inputs.name, "_proof.tickets.test.");
      assert.deepEqual(
        proofs.map(({ inputs, retainOnDelete: kept }) => [inputs.records, inputs.allowOverwrite, kept]),
        [[["_proof.acm-validations.aws."], true, true]],
      );
      const validations = ofType(program, "aws:acm/certificateValidation:CertificateValidation");
      assert.deepEqual(
        validations.map(({ inputs, region }) => [inputs.certificateArn, region]).sort(),
        certificates.map(({ outputs, region }) => [outputs.arn, region]).sort(),
      );
      for (const { inputs } of validations)
        assert.deepEqual(inputs.validationRecordFqdns, ["_proof.tickets.test."]);
    }
  });

  it("maps the regional name and the failover name to each API, with TLS 1.2, after the certificate is validated", () => {
    for (const { program } of routed)
      for (const { name, code } of REGIONS) {
        const validation = resourceNamed(
          program,
          "aws:acm/certificateValidation:CertificateValidation",
          `routing-certificate-${name}`,
        );
        for (const [suffix, hostName] of [
          ["domain", `${name}.tickets.test`],
          ["api-domain", "api.tickets.test"],
        ]) {
          const domain = resourceNamed(program, DOMAIN_NAME, `routing-${name}-${suffix}`);
          assert.equal(domain.inputs.domainName, hostName);
          assert.deepEqual(domain.inputs.domainNameConfiguration, {
            certificateArn: `arn:aws:acm:${code}:000000000000:certificate/routing-certificate-${name}`,
            endpointType: "REGIONAL",
            ipAddressType: "dualstack",
            securityPolicy: "TLS_1_2",
          });
          assert.ok(domain.dependencies.includes(validation.urn));
          const mapping = resourceNamed(
            program,
            "aws:apigatewayv2/apiMapping:ApiMapping",
            `routing-${name}-${suffix}`,
          );
          assert.deepEqual([mapping.inputs.domainName, mapping.inputs.stage], [hostName, "$default"]);
          assert.ok(mapping.inputs.apiId.startsWith(`${name}-api-`));
        }
      }
  });

  it("checks both regions over TLS by their regional names, with a string match of a healthy response", () => {
    for (const { program } of routed) {
      assert.equal(ofType(program, HEALTH_CHECK).length, 6);
      for (const { name, code } of REGIONS) {
        const { inputs } = resourceNamed(program, HEALTH_CHECK, `routing-${name}`);
        assert.deepEqual(inputs, {
          enableSni: true,
          failureThreshold: 3,
          fqdn: `${name}.tickets.test`,
          port: 443,
          requestInterval: 10,
          resourcePath: "/health",
          searchString: `"ok":true,"region":"${code}"`,
          tags: { Name: `${name}.tickets.test` },
          type: "HTTPS_STR_MATCH",
        });
      }
    }
  });

  it("checks with an inverted check whether each region has taken over, so that no response means no", () => {
    for (const { program } of routed)
      for (const { name, code } of REGIONS) {
        const { inputs } = resourceNamed(program, HEALTH_CHECK, `routing-${name}-takeover`);
        assert.deepEqual(inputs, {
          enableSni: true,
          failureThreshold: 1,
          fqdn: `${name}.tickets.test`,
          invertHealthcheck: true,
          port: 443,
          requestInterval: 10,
          resourcePath: "/routing",
          searchString: `{"takeover":true,"region":"${code}"`,
          tags: { Name: `${name}.tickets.test has not taken over` },
          type: "HTTPS_STR_MATCH",
        });
      }
  });

  it("creates the health checks of a region after its regional name", () => {
    for (const { program } of routed)
      for (const { name } of REGIONS)
        for (const check of [`routing-${name}`, `routing-${name}-takeover`]) {
          const { dependencies } = resourceNamed(program, HEALTH_CHECK, check);
          for (const type of ["a", "aaaa"])
            assert.ok(dependencies.includes(resourceNamed(program, RECORD, `routing-${name}-${type}`).urn));
        }
  });

  it("combines the health of a region and the takeover check of the other one in a calculated check", () => {
    for (const { program } of routed)
      for (const { name, other } of REGIONS) {
        const idOf = (check: string): string => resourceNamed(program, HEALTH_CHECK, check).id;
        assert.deepEqual(resourceNamed(program, HEALTH_CHECK, `routing-${name}-serves`).inputs, {
          childHealthThreshold: 2,
          childHealthchecks: [idOf(`routing-${name}`), idOf(`routing-${other.name}-takeover`)],
          tags: { Name: `${name} serves and ${other.name} has not taken over` },
          type: "CALCULATED",
        });
      }
  });

  it("publishes the primary and the serving region in TXT records, with the health checks of the failover name", () => {
    for (const { program, primary } of routed) {
      const secondary = REGIONS.find(({ name }) => name === primary)?.other.name ?? "";
      const role = resourceNamed(program, RECORD, "routing-roles-primary").inputs;
      const { zoneId } = role;
      assert.deepEqual(role, {
        name: "primary.tickets.test",
        records: [primary],
        ttl: 60,
        type: "TXT",
        zoneId,
      });
      for (const [setIdentifier, name] of [
        ["primary", primary],
        ["secondary", secondary],
      ]) {
        const api = resourceNamed(program, RECORD, `routing-api-${setIdentifier}-a`).inputs;
        assert.deepEqual(resourceNamed(program, RECORD, `routing-roles-serving-${setIdentifier}`).inputs, {
          failoverRoutingPolicies: [{ type: setIdentifier.toUpperCase() }],
          healthCheckId: api.healthCheckId,
          name: "serving.tickets.test",
          records: [name],
          setIdentifier,
          ttl: 5,
          type: "TXT",
          zoneId,
        });
      }
    }
  });

  it("resolves each regional name to that region only, over IPv4 and IPv6", () => {
    for (const { program } of routed)
      for (const { name } of REGIONS)
        for (const type of ["A", "AAAA"]) {
          const record = resourceNamed(program, RECORD, `routing-${name}-${type.toLowerCase()}`);
          assert.deepEqual([record.inputs.name, record.inputs.type], [`${name}.tickets.test`, type]);
          assert.deepEqual(record.inputs.aliases, [
            { ...targetOf(program, name, "domain"), evaluateTargetHealth: false },
          ]);
          assert.equal(record.inputs.failoverRoutingPolicies, undefined);
        }
  });

  it("resolves the failover name to the primary while it is healthy, and otherwise to the secondary", () => {
    for (const { program, primary } of routed) {
      const region = REGIONS.find(({ name }) => name === primary);
      for (const [role, name, checkName] of [
        ["primary", primary, `routing-${primary}-serves`],
        ["secondary", region?.other.name ?? "", `routing-${region?.other.name}`],
      ])
        for (const type of ["A", "AAAA"]) {
          const { inputs } = resourceNamed(program, RECORD, `routing-api-${role}-${type.toLowerCase()}`);
          const check = resourceNamed(program, HEALTH_CHECK, checkName);
          assert.deepEqual(inputs, {
            aliases: [{ ...targetOf(program, name, "api-domain"), evaluateTargetHealth: true }],
            failoverRoutingPolicies: [{ type: role.toUpperCase() }],
            healthCheckId: check.id,
            name: "api.tickets.test",
            setIdentifier: role,
            type,
            zoneId: inputs.zoneId,
          });
        }
    }
  });

  it("creates alias records after the API mapping", () => {
    for (const { program } of routed)
      for (const record of ofType(program, RECORD).filter(isOfApi)) {
        const mappings = ofType(program, "aws:apigatewayv2/apiMapping:ApiMapping").map(({ urn }) => urn);
        assert.ok(
          record.dependencies.some((urn) => mappings.includes(urn)),
          record.name,
        );
      }
  });
});

/** Returns whether a record is an alias of an API, not of the distribution. */
function isOfApi({ inputs }: ProgramResource): boolean {
  return inputs.aliases !== undefined && inputs.name !== "app.tickets.test";
}

function targetOf(program: Program, region: string, suffix: string): { name: string; zoneId: string } {
  const domain = resourceNamed(program, DOMAIN_NAME, `routing-${region}-${suffix}`);
  const { targetDomainName, hostedZoneId } = domain.outputs.domainNameConfiguration as Record<string, string>;
  return { name: targetDomainName, zoneId: hostedZoneId };
}
