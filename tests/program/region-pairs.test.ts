import assert from "node:assert/strict";
import { drainProgram, ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { shippedFunction } from "../support/shipped-function";

const FUNCTION = "aws:lambda/function:Function";
const PROVIDER = "pulumi:providers:aws";
/** Resource types with their control plane in us-east-1. */
const GLOBAL_SERVICES = /^aws:(route53|cloudfront)\//;

/** Two regions, the first of which is the primary. */
interface Pair {
  readonly title: string;
  readonly regions: readonly [Region, Region];
}

interface Region {
  readonly name: string;
  readonly code: string;
}

const PAIRS: readonly Pair[] = [
  {
    title: "us-east-1, the region of global services, and us-west-2",
    regions: [
      { name: "virginia", code: "us-east-1" },
      { name: "oregon", code: "us-west-2" },
    ],
  },
  {
    title: "us-east-1 as the secondary of an opt-in region",
    regions: [
      { name: "uae", code: "me-central-1" },
      { name: "virginia", code: "us-east-1" },
    ],
  },
  {
    title: "two opt-in regions",
    regions: [
      { name: "hong-kong", code: "ap-east-1" },
      { name: "malaysia", code: "ap-southeast-5" },
    ],
  },
  {
    title: "two regions of one continent, with digits and hyphens in their aliases",
    regions: [
      { name: "eu-central-1", code: "eu-central-1" },
      { name: "z2", code: "eu-central-2" },
    ],
  },
];

describe("Region pairs", function () {
  this.timeout(120_000);

  for (const { title, regions } of PAIRS)
    describe(title, () => {
      let withDomain: Program;
      let withoutDomain: Program;
      before(async () => {
        const config = {
          "tickets:primary": regions[0].name,
          "tickets:regions": JSON.stringify(regions),
          "tickets:auditTrail": "true",
        };
        withoutDomain = await drainProgram({ stack: "ireland", config });
        withDomain = await drainProgram({
          stack: "ireland",
          config: { ...config, "tickets:domainName": "tickets.test" },
        });
      });

      it("has a provider for each region, and its own one for global services", () => {
        const [first, second] = regions.map(({ name, code }) => [name, code] as const);
        assert.deepEqual(providersOf(withDomain), new Map([first, second, ["global", "us-east-1"]]));
      });

      it("creates each resource with the provider that it is named for, and those of global services with global", () => {
        for (const program of [withDomain, withoutDomain])
          for (const resource of program.resources) {
            if (!resource.custom || resource.type === PROVIDER) continue;
            assert.equal(resource.provider, expectedProvider(resource, regions), resource.urn);
          }
      });

      it("names no region but its own, and us-east-1 only for global services", () => {
        for (const program of [withDomain, withoutDomain])
          for (const { urn, type, provider, inputs } of program.resources) {
            const isGlobal = provider === "global" || type === PROVIDER;
            const allowed = [...regions.map(({ code }) => code), ...(isGlobal ? ["us-east-1"] : [])];
            assert.deepEqual(
              codesIn(JSON.stringify(inputs)).filter((code) => !allowed.includes(code)),
              [],
              urn,
            );
          }
      });

      it("ships the same code to both regions", async () => {
        const [first, second] = regions;
        const own = ofType(withDomain, FUNCTION).filter(({ region }) => region === first.code);
        assert.ok(own.length > 10);
        for (const lambda of own) {
          const other = lambda.name.startsWith(`${first.name}-to-`)
            ? `${second.name}-to-${first.name}`
            : second.name + lambda.name.slice(first.name.length);
          const twin = resourceNamed(withDomain, FUNCTION, other);
          assert.deepEqual(await shippedFunction(twin), await shippedFunction(lambda), other);
        }
      });

      it("replicates in both directions, from the stream of one region to the tables of the other", () => {
        for (const [source, target] of [regions, [...regions].reverse()]) {
          const name = `${source.name}-to-${target.name}`;
          const lambda = resourceNamed(withDomain, FUNCTION, name);
          assert.equal(lambda.region, source.code);
          const { variables } = lambda.inputs.environment;
          assert.equal(variables.TARGET_REGION, target.code);
          const mappings = ofType(withDomain, "aws:lambda/eventSourceMapping:EventSourceMapping").filter(
            ({ name: mapping }) => mapping === `${name}-stream`,
          );
          assert.deepEqual(
            mappings.map(({ inputs, region }) => [inputs.eventSourceArn.split(":")[3], region]),
            [[source.code, source.code]],
          );
        }
      });

      it("has a certificate per region and a separate one in us-east-1, which CloudFront uses, all validated by one record", () => {
        const certificates = ofType(withDomain, "aws:acm/certificate:Certificate");
        assert.deepEqual(
          certificates.map(({ region }) => region).sort(),
          [...regions.map(({ code }) => code), "us-east-1"].sort(),
        );
        const [distribution, ...others] = ofType(
          withDomain,
          "aws:cloudfront/distribution:Distribution",
        ).filter(({ inputs }) => inputs.aliases);
        assert.deepEqual(others, []);
        assert.equal(
          distribution.inputs.viewerCertificate.acmCertificateArn,
          resourceNamed(withDomain, "aws:acm/certificate:Certificate", "routing-certificate-global").outputs
            .arn,
        );
        const proofs = ofType(withDomain, "aws:route53/record:Record").filter(
          ({ inputs }) => inputs.type === "CNAME" && String(inputs.name).startsWith("_"),
        );
        assert.equal(proofs.length, 1);
      });

      it("has an alarm topic in each region, and another one in us-east-1 for the alarms of global services", () => {
        const topics = ofType(withDomain, "aws:sns/topic:Topic");
        assert.deepEqual(
          topics.map(({ name, region }) => [name, region]).sort(),
          [
            ...regions.map(({ name, code }) => [`${name}-alarms`, code]),
            ["routing-alarms", "us-east-1"],
          ].sort(),
        );
        for (const { name, region, inputs } of ofType(withDomain, "aws:cloudwatch/metricAlarm:MetricAlarm"))
          for (const arn of inputs.alarmActions) assert.equal(arn.split(":")[3], region, name);
      });

      it("serves the web UI from the regional endpoint of each bucket, which opt-in regions need", () => {
        for (const { inputs } of ofType(withDomain, "aws:cloudfront/distribution:Distribution"))
          assert.deepEqual(
            inputs.origins.map(({ domainName }: { domainName: string }) => domainName.replace(/^[^.]+/, "")),
            regions.map(({ code }) => `.s3.${code}.amazonaws.com`),
          );
      });

      it("checks the health of each region by its AWS code", () => {
        const checks = ofType(withDomain, "aws:route53/healthCheck:HealthCheck");
        for (const { name, code } of regions) {
          const [check] = checks.filter(
            ({ inputs }) => inputs.resourcePath === "/health" && inputs.fqdn === `${name}.tickets.test`,
          );
          assert.equal(check.inputs.searchString, `"ok":true,"region":"${code}"`);
        }
      });
    });
});

function providersOf(program: Program): Map<string, string> {
  return new Map(ofType(program, PROVIDER).map(({ name, inputs }) => [name, inputs.region]));
}

function expectedProvider({ type, name }: ProgramResource, regions: readonly Region[]): string {
  // The home of the audit trail is the first region by alias, which does not depend on the order of the regions.
  if (name.startsWith("audit-trail")) return regions.map((region) => region.name).sort()[0];
  if (GLOBAL_SERVICES.test(type) || name.startsWith("routing-certificate-global")) return "global";
  const isRegional = ({ name: alias }: Region): boolean =>
    name.replace(/^routing-(certificate-|alarms-)?/, "").startsWith(`${alias}-`) ||
    name === `routing-certificate-${alias}`;
  if (/^routing-alarms($|-.*-endpoint$|-global-)/.test(name)) return "global";
  return regions.find(isRegional)?.name ?? "no region";
}

/** Returns the AWS region codes in a text. */
function codesIn(text: string): string[] {
  return [...new Set(text.match(/\b(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:[a-z]+-)+\d\b/g) ?? [])];
}
