import assert from "node:assert/strict";
import { drainProgram, ofType, ProgramResource } from "../support/mocked-program";
import { allVariants, ENDPOINT, REGIONS, Variant } from "../support/program-variants";

const PROVIDER = "pulumi:providers:aws";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
/** Resource types with their control plane in us-east-1. */
const GLOBAL_SERVICES = /^aws:(route53|cloudfront)\//;
const GLOBAL_CERTIFICATE = "routing-certificate-global";
const GLOBAL_ALARMS = /^routing-alarms(-\w+-endpoint|-global-certificate)?$/;

describe("Resources", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  function forEachResource(check: (resource: ProgramResource, variant: Variant) => void): void {
    for (const variant of variants)
      for (const resource of variant.program.resources) {
        try {
          check(resource, variant);
        } catch (error) {
          (error as Error).message = `${variant.title}: ${resource.urn}: ${(error as Error).message}`;
          throw error;
        }
      }
  }

  it("have an explicit provider of their region", () => {
    forEachResource(({ type, name, custom, provider, region }) => {
      if (!custom || type === PROVIDER) return;
      assert.equal(region, expectedRegion(type, name));
      assert.equal(provider, region === "us-east-1" ? "global" : aliasOf(region));
    });
  });

  it("get tags with their project and stack from every provider, so that those outside the state can be found", () => {
    forEachResource(({ type, inputs }, { primary }) => {
      if (type !== PROVIDER) return;
      const tags = { "pulumi:project": "tickets", "pulumi:stack": primary };
      assert.deepEqual(JSON.parse(String(inputs.defaultTags)), { tags });
    });
  });

  it("get the configured tags as well, which do not override those of the program", async () => {
    const program = await drainProgram({
      stack: "ireland",
      config: { "tickets:domainName": "tickets.test", "tickets:defaultTags": '{"team": "support"}' },
    });
    const tags = { team: "support", "pulumi:project": "tickets", "pulumi:stack": "ireland" };
    const providers = ofType(program, PROVIDER);
    assert.equal(providers.length, 3);
    for (const { inputs } of providers) assert.deepEqual(JSON.parse(String(inputs.defaultTags)), { tags });
  });

  it("have room for the tags that can be configured", () => {
    forEachResource(({ inputs }) => {
      // The 7 configured ones, and those with project and stack. Route 53 and the objects of S3 accept 10.
      assert.ok(Object.keys(inputs.tags ?? {}).length + 7 + 2 <= 10);
    });
  });

  it("are not looked up by provider functions, which would need a provider of their own", () => {
    for (const { program } of variants) assert.deepEqual(program.calls, []);
  });

  it("have a parent, except providers and the components created in index.ts", () => {
    forEachResource(({ type, parent }) => {
      assert.equal(parent === "", type === PROVIDER || PARTS.includes(type));
    });
  });

  it("have a name that starts with the name of their parent", () => {
    forEachResource(({ name, parent }) => {
      if (parent !== "") assert.ok(name.startsWith(lastOf(parent)), `${name} under ${lastOf(parent)}`);
    });
  });

  it("have a type token of their folder and class, if they are components of the program", () => {
    forEachResource(({ type, custom }) => {
      if (!custom && !["aws:dynamodb:TableEventSubscription", "awsx:cloudtrail:Trail"].includes(type))
        assert.match(type, /^tickets:(regional|global):[A-Z][A-Za-z]+$/);
    });
  });

  it("have no physical name, except where AWS requires one", () => {
    forEachResource(({ type, inputs }) => {
      const named = ["name", "bucket", "bucketPrefix", "namePrefix"].filter((key) => key in inputs);
      if (type === LOG_GROUP && String(inputs.name).startsWith("/aws/vendedlogs/")) return;
      const allowed = NAMED_BY_AWS[type] ?? [];
      assert.deepEqual(
        named.filter((key) => !allowed.includes(key)),
        [],
      );
    });
  });

  it("have no undefined inputs", () => {
    forEachResource(({ inputs }) => {
      assert.doesNotMatch(JSON.stringify(inputs), /undefined|\[object|Calling \[toString\]/);
    });
  });

  it("have tags that every AWS service accepts", () => {
    let count = 0;
    forEachResource(({ inputs }) => {
      for (const text of Object.entries<string>(inputs.tags ?? {}).flat()) {
        assert.match(text, TAG_TEXT);
        count++;
      }
    });
    assert.notEqual(count, 0);
  });

  it("are protected if and only if they are tables or the zone, and protectData is set", () => {
    const types = ["aws:dynamodb/table:Table", "aws:route53/zone:Zone"];
    forEachResource(({ type, protect }, { protectsData }) => {
      assert.equal(protect, types.includes(type) && protectsData);
    });
  });

  it("use AWS, or the configured endpoint for every service", () => {
    for (const { program, hasEndpoint } of variants) {
      const services = new Set(program.resources.flatMap(({ type }) => serviceOf(type)));
      for (const { name, inputs } of ofType(program, PROVIDER)) {
        const mayBeLost = name !== "global";
        assert.equal(inputs.stsRegion, mayBeLost ? "us-east-1" : undefined);
        if (!hasEndpoint) {
          assert.deepEqual(Object.keys(inputs).sort(), [
            "defaultTags",
            "region",
            "skipCredentialsValidation",
            "skipRegionValidation",
            ...(mayBeLost ? ["stsRegion"] : []),
          ]);
          assert.equal(inputs.skipCredentialsValidation, String(mayBeLost));
          continue;
        }
        const [endpoints] = JSON.parse(inputs.endpoints) as [Record<string, string>];
        assert.deepEqual(new Set(Object.values(endpoints)), new Set([ENDPOINT]));
        for (const service of services) assert.ok(endpoints[service], `no endpoint for ${service}`);
        for (const flag of SKIP_FLAGS) assert.equal(inputs[flag], "true", flag);
        // S3 Control requests contain the account id.
        assert.notEqual(inputs.skipRequestingAccountId, "true");
        assert.equal(inputs.accessKey, "test");
        assert.equal(inputs.secretKey, "test");
      }
    }
  });

  it("have names that leave room for Pulumi's suffix, with the longest region aliases", async () => {
    const [first, second] = ["a234567890123456", "b234567890123456"];
    const program = await drainProgram({
      stack: "ireland",
      config: {
        "tickets:primary": first,
        "tickets:regions": JSON.stringify([
          { name: first, code: "eu-west-1" },
          { name: second, code: "ap-southeast-1" },
        ]),
        "tickets:domainName": "tickets.test",
      },
    });
    const suffix = "-0123456".length;
    const limits: Record<string, number> = {
      "aws:s3/bucket:Bucket": 63,
      "aws:lambda/function:Function": 64,
      "aws:iam/role:Role": 64,
      "aws:scheduler/schedule:Schedule": 64,
      "aws:sqs/queue:Queue": 80,
    };
    for (const [type, limit] of Object.entries(limits)) {
      const resources = ofType(program, type);
      assert.notEqual(resources.length, 0);
      for (const { name } of resources)
        assert.ok(name.length + suffix <= limit, `${name} is too long for ${type}`);
    }
  });
});

const PARTS = [
  "tickets:regional:RegionalApp",
  "tickets:global:PageConfig",
  "tickets:global:Replication",
  "tickets:global:Heartbeat",
  "tickets:global:Sentinel",
  "tickets:global:PageDistribution",
  "tickets:global:Routing",
  "tickets:global:AuditTrail",
];

/** Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;

const SKIP_FLAGS = [
  "s3UsePathStyle",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
];

/** Types with a required `name`, or whose `bucket` refers to another resource. */
const NAMED_BY_AWS: Readonly<Record<string, readonly string[]>> = {
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:apigatewayv2/stage:Stage": ["name"],
  "aws:lambda/alias:Alias": ["name"],
  "aws:route53/record:Record": ["name"],
  "aws:route53/zone:Zone": ["name"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": ["bucket"],
};

function expectedRegion(type: string, name: string): string {
  if (GLOBAL_SERVICES.test(type) || name === GLOBAL_CERTIFICATE || GLOBAL_ALARMS.test(name))
    return "us-east-1";
  if (name === "audit-trail") return REGIONS[0].code;
  const region = REGIONS.find((candidate) =>
    name.replace(/^routing-(certificate-|alarms-)?/, "").startsWith(candidate.name),
  );
  assert.ok(region, "is named for no region");
  return region.code;
}

function aliasOf(code: string): string | undefined {
  return REGIONS.find((region) => region.code === code)?.name;
}

function lastOf(urn: string): string {
  return urn.split("::").pop() ?? "";
}

/** Returns the keys of the provider argument `endpoints` for a resource type. */
function serviceOf(type: string): string[] {
  if (type.startsWith("awsx:cloudtrail")) return ["cloudtrail", "s3", "s3control"];
  if (type === LOG_GROUP) return ["logs"];
  const service = /^aws:([a-z0-9]+)\//.exec(type)?.[1];
  if (!service) return [];
  return service === "s3" ? ["s3", "s3control"] : [service];
}
