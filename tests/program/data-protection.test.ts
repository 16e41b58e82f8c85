import assert from "node:assert/strict";
import { drainProgram, ofType, type Program, type ProgramResource } from "../support/mocked-program";
import type { PolicyStatement } from "../support/policy-documents";
import { allVariants, REGIONS } from "../support/program-variants";

const BUCKET = "aws:s3/bucket:Bucket";
const QUEUE = "aws:sqs/queue:Queue";
const TABLE = "aws:dynamodb/table:Table";
const TOPIC = "aws:sns/topic:Topic";

/** Program with a title. */
interface Configured {
  readonly title: string;
  readonly program: Program;
  readonly isPublic: boolean;
}

/** KMS key of each region. */
const KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  REGIONS.map(({ name, code }, index) => [
    name,
    `arn:aws:kms:${code}:123456789012:key/${`${index}`.repeat(36)}`,
  ]),
);

describe("Data protection", function () {
  this.timeout(180_000);
  let configured: Configured[];
  before(async () => {
    const more = {
      "with KMS keys": { "tickets:kmsKeys": JSON.stringify(KEYS) },
      "with public websites": { "tickets:publicWebsite": "true" },
    };
    configured = [
      ...(await allVariants()).map(({ title, program }) => ({ title, program, isPublic: false })),
      ...(await Promise.all(
        Object.entries(more).map(async ([title, config]) => ({
          title,
          program: await drainProgram({ stack: "ireland", config }),
          isPublic: title === "with public websites",
        })),
      )),
    ];
  });

  /** Checks every resource of a type in every configuration. At least one must exist. */
  function forEach(type: string, check: (resource: ProgramResource, where: Configured) => void): void {
    let count = 0;
    for (const where of configured)
      for (const resource of ofType(where.program, type)) {
        count++;
        try {
          check(resource, where);
        } catch (error) {
          (error as Error).message = `${where.title}: ${resource.urn}: ${(error as Error).message}`;
          throw error;
        }
      }
    assert.ok(count > 0, `No ${type} was checked.`);
  }

  describe("in transit", () => {
    it("needs TLS 1.2 or later under every name of an API", () =>
      forEach("aws:apigatewayv2/domainName:DomainName", ({ inputs }) =>
        assert.equal(inputs.domainNameConfiguration.securityPolicy, "TLS_1_2"),
      ));

    it("needs TLS 1.2 or later at CloudFront, except without a domain, where its own certificate accepts TLS 1.0", () =>
      forEach("aws:cloudfront/distribution:Distribution", ({ inputs }) => {
        const { minimumProtocolVersion, cloudfrontDefaultCertificate } = inputs.viewerCertificate;
        assert.equal(inputs.defaultCacheBehavior.viewerProtocolPolicy, "redirect-to-https");
        if (inputs.aliases) assert.equal(minimumProtocolVersion, "TLSv1.2_2021");
        else assert.deepEqual([cloudfrontDefaultCertificate, minimumProtocolVersion], [true, undefined]);
      }));

    it("is checked over HTTPS by every health check with an endpoint", () =>
      forEach("aws:route53/healthCheck:HealthCheck", ({ inputs }) =>
        assert.match(inputs.type, /^(HTTPS_STR_MATCH|HTTPS|CALCULATED)$/),
      ));

    it("denies plain HTTP to every bucket, except a public website and the bucket whose policy awsx writes", () =>
      forEach(BUCKET, ({ name, outputs }, { program, isPublic }) => {
        if (name === "audit-trail") return;
        const statements = policyOf(program, "aws:s3/bucketPolicy:BucketPolicy", "bucket", outputs.bucket);
        const denied = statements.filter(({ Effect }) => Effect === "Deny");
        if (isPublic && /-page$/.test(name)) return assert.deepEqual(denied, []);
        assert.deepEqual(denied, [denyPlainHttp(["s3:*"], [outputs.arn, `${outputs.arn as string}/*`])]);
      }));

    it("denies plain HTTP to every queue", () =>
      forEach(QUEUE, ({ outputs }, { program }) =>
        assert.deepEqual(policyOf(program, "aws:sqs/queuePolicy:QueuePolicy", "queueUrl", outputs.url), [
          denyPlainHttp(["sqs:*"], [outputs.arn]),
        ]),
      ));

    it("denies plain HTTP to every topic", () =>
      forEach(TOPIC, ({ outputs }, { program }) => {
        const statements = policyOf(program, "aws:sns/topicPolicy:TopicPolicy", "arn", outputs.arn);
        assert.deepEqual(statements[1], denyPlainHttp(["sns:Publish"], [outputs.arn]));
      }));
  });

  describe("at rest", () => {
    it("encrypts every table, with the key of its region if there is one, and expires its items", () =>
      forEach(TABLE, ({ name, inputs }, where) => {
        const kmsKeyArn = keyOf(where, name);
        assert.deepEqual(
          inputs.serverSideEncryption,
          kmsKeyArn ? { enabled: true, kmsKeyArn } : { enabled: false },
        );
        assert.deepEqual(inputs.ttl, { enabled: true, attributeName: "expiresAt" });
      }));

    it("encrypts every queue, with the key of its region if there is one, and expires its messages", () =>
      forEach(QUEUE, ({ name, inputs }, where) => {
        const key = keyOf(where, name);
        assert.deepEqual([inputs.kmsMasterKeyId, inputs.sqsManagedSseEnabled], [key, key ? undefined : true]);
        assert.ok(inputs.messageRetentionSeconds <= 14 * 24 * 3600);
      }));

    it("encrypts every bucket, and those with tickets with the key of their region if there is one", () =>
      forEach(BUCKET, ({ name, outputs }, where) => {
        const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
        const key = /-failures$/.test(name) ? keyOf(where, name) : undefined;
        const [{ applyServerSideEncryptionByDefault: byDefault }] = settingOf(
          where.program,
          type,
          outputs,
        ).rules;
        assert.deepEqual(
          byDefault,
          key ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } : { sseAlgorithm: "AES256" },
        );
      }));

    it("makes every bucket private, except a public website", () =>
      forEach(BUCKET, ({ name, outputs }, { program, isPublic }) => {
        const type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
        const { bucket, ...blocks } = settingOf(program, type, outputs);
        const isPrivate = !(isPublic && /-page$/.test(name));
        assert.equal(bucket, outputs.bucket);
        assert.deepEqual(blocks, {
          blockPublicAcls: true,
          ignorePublicAcls: true,
          blockPublicPolicy: isPrivate,
          restrictPublicBuckets: isPrivate,
        });
      }));

    it("turns on the versions of a bucket with the web UI after every one of its files", () =>
      forEach("aws:s3/bucketVersioning:BucketVersioning", ({ name, inputs, dependencies }, { program }) => {
        const files = ofType(program, "aws:s3/bucketObjectv2:BucketObjectv2").filter(
          (file) => file.inputs.bucket === inputs.bucket,
        );
        assert.equal(
          files.some(({ inputs: { key } }) => key === "config.json"),
          name.endsWith("-page"),
        );
        for (const { urn } of files) assert.ok(dependencies.includes(urn), urn);
      }));

    it("keeps versions in every bucket, and expires old ones and delete markers", () =>
      forEach(BUCKET, ({ name, outputs }, { program }) => {
        const versioning = settingOf(program, "aws:s3/bucketVersioning:BucketVersioning", outputs);
        assert.deepEqual(versioning.versioningConfiguration, { status: "Enabled" });
        const [expire, markers, ...others] = settingOf(
          program,
          "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
          outputs,
        ).rules;
        const { noncurrentDays } = expire.noncurrentVersionExpiration;
        assert.equal(noncurrentDays, /-failures$/.test(name) ? 1 : 30);
        assert.deepEqual(markers.expiration, { expiredObjectDeleteMarker: true });
        assert.deepEqual(others, []);
        for (const { status, filter } of [expire, markers])
          assert.deepEqual([status, filter], ["Enabled", { prefix: "" }]);
      }));

    it("leaves topics unencrypted: with the key alias/aws/sns, CloudWatch could not publish", () =>
      forEach(TOPIC, ({ inputs }) => assert.equal(inputs.kmsMasterKeyId, undefined)));
  });
});

function denyPlainHttp(Action: readonly string[], Resource: readonly unknown[]): object {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  return { Effect: "Deny", Principal: "*", Action, Resource, Condition };
}

/** Returns the statements of the only policy of a resource. */
function policyOf(program: Program, type: string, input: string, value: unknown): PolicyStatement[] {
  const policies = ofType(program, type).filter(({ inputs }) => inputs[input] === value);
  assert.equal(policies.length, 1, `${type} of ${String(value)}`);
  return (JSON.parse(policies[0].inputs.policy) as { Statement: PolicyStatement[] }).Statement;
}

/** Returns the inputs of the only setting of a type that a bucket has. */
function settingOf(
  program: Program,
  type: string,
  { bucket }: ProgramResource["outputs"],
): ProgramResource["inputs"] {
  const settings = ofType(program, type).filter(({ inputs }) => inputs.bucket === bucket);
  assert.equal(settings.length, 1, type);
  return settings[0].inputs;
}

/** Returns the key of the region whose alias a name begins with; undefined without keys. */
function keyOf({ title }: Configured, name: string): string | undefined {
  return title === "with KMS keys" ? KEYS[REGIONS.find((one) => name.startsWith(one.name))!.name] : undefined;
}
