import assert from "node:assert/strict";
import { DOCUMENT_TEXT, documentedOperations } from "../../functions/openapi/document";
import { ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

describe("RegionalApp", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("creates a ticket table with stream, sparse indexes, recovery, encryption, TTL and the configured protection", () => {
    for (const { program, protectsData } of variants) {
      const tables = ofType(program, "aws:dynamodb/table:Table").map(({ name }) => name);
      assert.deepEqual(
        new Set(tables),
        new Set(REGIONS.flatMap(({ name }) => [`${name}-tickets`, `${name}-conflicts`])),
      );
      for (const { name } of REGIONS)
        assert.deepEqual(tableNamed(program, `${name}-tickets`).inputs, {
          attributes: [
            { name: "id", type: "S" },
            { name: "statusShard", type: "S" },
            { name: "assigneeShard", type: "S" },
            { name: "listSortKey", type: "S" },
          ],
          billingMode: "PAY_PER_REQUEST",
          deletionProtectionEnabled: protectsData,
          globalSecondaryIndexes: [
            ...[
              { hashKey: "statusShard", name: "byStatusShard" },
              { hashKey: "assigneeShard", name: "byAssigneeShard" },
            ].map((index) => ({ ...index, projectionType: "KEYS_ONLY", rangeKey: "listSortKey" })),
          ],
          hashKey: "id",
          pointInTimeRecovery: { enabled: true },
          serverSideEncryption: { enabled: false },
          streamEnabled: true,
          streamViewType: "NEW_AND_OLD_IMAGES",
          tags: { "tickets:listIndexes": "sharded" },
          ttl: { attributeName: "expiresAt", enabled: true },
        });
    }
  });

  it("creates a conflict table by ticket and losing version with a recency index, recovery, encryption, TTL and the same protection", () => {
    for (const { program, protectsData } of variants)
      for (const { name } of REGIONS)
        assert.deepEqual(tableNamed(program, `${name}-conflicts`).inputs, {
          attributes: [
            { name: "id", type: "S" },
            { name: "losingVersion", type: "S" },
            { name: "listing", type: "S" },
          ],
          billingMode: "PAY_PER_REQUEST",
          deletionProtectionEnabled: protectsData,
          globalSecondaryIndexes: [
            { hashKey: "listing", name: "byRecency", projectionType: "KEYS_ONLY", rangeKey: "losingVersion" },
          ],
          hashKey: "id",
          pointInTimeRecovery: { enabled: true },
          rangeKey: "losingVersion",
          serverSideEncryption: { enabled: false },
          ttl: { attributeName: "expiresAt", enabled: true },
        });
  });

  it("creates an HTTP API with CORS for any origin without credentials and for every header of the OpenAPI document", () => {
    const sent = documentedOperations().flatMap(({ parameters }) => parameters);
    const sentHeaders = sent.filter((parameter) => parameter.in === "header").map(({ name }) => name);
    for (const { program } of variants)
      for (const { name } of REGIONS) {
        const { inputs } = resourceNamed(program, "aws:apigatewayv2/api:Api", `${name}-api`);
        assert.equal(inputs.protocolType, "HTTP");
        const { corsConfiguration: cors } = inputs;
        assert.deepEqual(cors.allowOrigins, ["*"]);
        assert.equal(cors.allowCredentials, undefined);
        assert.deepEqual(cors.allowMethods, ["GET", "HEAD", "POST", "PATCH", "DELETE"]);
        assert.deepEqual(
          new Set(cors.allowHeaders),
          new Set(["authorization", "content-type", ...sentHeaders]),
        );
        assert.deepEqual(new Set(cors.exposeHeaders), answeredHeaders());
      }
  });

  it("creates one stage with automatic deployment, throttling and a JSON access log without client data", () => {
    for (const { program } of variants)
      for (const { name } of REGIONS) {
        const { inputs } = resourceNamed(program, "aws:apigatewayv2/stage:Stage", `${name}-api`);
        assert.equal(inputs.name, "$default");
        assert.equal(inputs.autoDeploy, true);
        assert.ok(inputs.defaultRouteSettings.throttlingRateLimit > 0);
        assert.ok(inputs.defaultRouteSettings.throttlingBurstLimit > 0);
        const log = resourceNamed(program, "aws:cloudwatch/logGroup:LogGroup", `${name}-api-access`);
        assert.equal(inputs.accessLogSettings.destinationArn, log.outputs.arn);
        assert.equal(log.inputs.retentionInDays, 30);
        // Under this prefix no stack, however often it is created, fills the log delivery policy of the region.
        assert.match(log.inputs.name, new RegExp(`^/aws/vendedlogs/${name}-api-access-[\\w-]+$`));
        const format = JSON.parse(inputs.accessLogSettings.format) as Record<string, string>;
        for (const variable of Object.values(format)) assert.match(variable, /^\$context\.[A-Za-z.]+$/);
        assert.equal(format.requestId, "$context.requestId");
        assert.doesNotMatch(inputs.accessLogSettings.format, /identity|authorizer|userAgent|sourceIp/);
      }
  });

  it("uploads the built web UI, with immutable caching for hashed files only", () => {
    for (const { program } of variants)
      for (const { name } of REGIONS) {
        const objects = ofType(program, "aws:s3/bucketObjectv2:BucketObjectv2").filter((object) =>
          object.name.startsWith(`${name}-page/`),
        );
        const byKey = new Map(objects.map(({ inputs }) => [inputs.key as string, inputs]));
        assert.equal(byKey.get("index.html")?.contentType, "text/html; charset=utf-8");
        assert.equal(byKey.get("index.html")?.cacheControl, "no-cache");
        const hashed = [...byKey.keys()].filter((key) => key.startsWith("assets/"));
        assert.notEqual(hashed.length, 0);
        for (const key of hashed)
          assert.equal(byKey.get(key)?.cacheControl, "public, max-age=31536000, immutable");
      }
  });

  it("uploads the files that keep their name after all hashed files of the same region, which stay when a release drops them", () => {
    for (const { program } of variants)
      for (const { name } of REGIONS) {
        const objects = ofType(program, "aws:s3/bucketObjectv2:BucketObjectv2").filter((object) =>
          object.name.startsWith(`${name}-page/`),
        );
        const hashed = objects.filter(({ inputs }) => inputs.key.startsWith("assets/"));
        for (const { inputs, retainOnDelete } of objects)
          assert.equal(retainOnDelete, inputs.key.startsWith("assets/"), inputs.key);
        const index = objects.find(({ inputs }) => inputs.key === "index.html");
        const bucket = resourceNamed(program, "aws:s3/bucket:Bucket", `${name}-page`);
        assert.deepEqual(
          new Set(index?.dependencies),
          new Set([bucket.urn, ...hashed.map(({ urn }) => urn)]),
        );
        // What stays is deleted with the bucket.
        assert.equal(bucket.inputs.forceDestroy, true);
      }
  });

  it("writes config.json with its own region, both APIs, and with a domain the failover name", () => {
    for (const { program, hasDomain } of variants)
      for (const { name, code } of REGIONS) {
        const object = resourceNamed(program, "aws:s3/bucketObjectv2:BucketObjectv2", `${name}-page-config`);
        assert.equal(object.inputs.key, "config.json");
        assert.equal(object.inputs.contentType, "application/json");
        assert.equal(object.inputs.cacheControl, "no-cache");
        assert.ok(object.inputs.bucket.startsWith(`${name}-page-`));
        assert.deepEqual(JSON.parse(object.inputs.content), {
          region: { name, code },
          apis: REGIONS.map((region) => ({
            name: region.name,
            code: region.code,
            url: apiUrl(program, region.name),
          })),
          ...(hasDomain && { failoverUrl: "https://api.tickets.test" }),
        });
      }
  });

  it("has no stack output without a value in any configuration", () => {
    const always = ["regions", "stack", "primary", "appUrl"];
    const withDomain = [...always, "failback", "failoverUrl", "healthChecks"];
    for (const { program, hasDomain, title } of variants) {
      const names = [
        ...(hasDomain ? withDomain : always),
        ...(title.includes("trail") ? ["auditBucket"] : []),
      ];
      const expected = title.includes("new zone") ? [...names, "nameServers"] : names;
      assert.deepEqual(Object.keys(program.outputs).sort(), [...expected].sort(), title);
      assertNoneUndefined(program.outputs, title);
    }
  });

  it("is described by the stack outputs", () => {
    for (const { program, primary, hasDomain, title } of variants) {
      const { regions, failback, failoverUrl, healthChecks, appUrl, nameServers } = program.outputs;
      for (const { name, code, other } of REGIONS) {
        const replication = `${name}-to-${other.name}`;
        const queue = resourceNamed(program, "aws:sqs/queue:Queue", `${replication}-quarantine`);
        const failures = resourceNamed(program, "aws:s3/bucket:Bucket", `${replication}-failures`);
        assert.deepEqual(regions[name], {
          code,
          api: apiUrl(program, name),
          table: tableNamed(program, `${name}-tickets`).outputs.name,
          conflictTable: tableNamed(program, `${name}-conflicts`).outputs.name,
          quarantineQueue: queue.outputs.url,
          failureBucket: failures.outputs.bucket,
          uiBucket: resourceNamed(program, "aws:s3/bucket:Bucket", `${name}-page`).outputs.bucket,
        });
      }
      assert.deepEqual(Object.keys(regions), ["ireland", "singapore"]);
      assert.equal(program.outputs.stack, primary);
      assert.equal(failback, hasDomain ? "gated" : undefined);
      const checkOf = (name: string): string =>
        resourceNamed(program, "aws:route53/healthCheck:HealthCheck", `routing-${name}`).id;
      const checks = hasDomain && { ireland: checkOf("ireland"), singapore: checkOf("singapore") };
      assert.deepEqual(healthChecks, checks || undefined);
      assert.equal(failoverUrl, hasDomain ? "https://api.tickets.test" : undefined);
      assert.equal(appUrl, hasDomain ? "https://app.tickets.test" : "https://routing-page.cloudfront.net");
      const expected = title.includes("new zone") ? ["ns-1.awsdns-00.com", "ns-2.awsdns-00.net"] : undefined;
      assert.deepEqual(nameServers, expected);
    }
  });
});

function tableNamed(program: Program, name: string): ProgramResource {
  return resourceNamed(program, "aws:dynamodb/table:Table", name);
}

function apiUrl(program: Program, region: string): unknown {
  return resourceNamed(program, "aws:apigatewayv2/api:Api", `${region}-api`).outputs.apiEndpoint;
}

/** Response headers of the OpenAPI document, except `accept`, which the web UI does not read. */
function answeredHeaders(): Set<string> {
  const names = new Set<string>();
  JSON.parse(DOCUMENT_TEXT, (key, value: object) => {
    if (key === "headers")
      for (const [name, header] of Object.entries(value)) if ("$ref" in header) names.add(name);
    return value;
  });
  names.delete("accept");
  names.delete("accept-encoding");
  return names;
}

function assertNoneUndefined(value: unknown, path: string): void {
  assert.notEqual(value, undefined, path);
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) assertNoneUndefined(part, `${path}.${key}`);
}
