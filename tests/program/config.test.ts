import assert from "node:assert/strict";
import { mockStack, onlyProblemOf, problemsOf, read, regions } from "./read-configuration";

describe("readConfig", () => {
  before(mockStack);

  it("takes every default from Pulumi.yaml", () => {
    assert.deepEqual(read({}), {
      regions: [
        { name: "ireland", code: "eu-west-1" },
        { name: "singapore", code: "ap-southeast-1" },
      ],
      primary: "ireland",
      domain: undefined,
      healthCheck: { intervalSeconds: 10, failureThreshold: 3 },
      takeover: { failback: "gated", takeoverAfterSeconds: 30 },
      protectData: true,
      logRetentionDays: 30,
      auditTrail: undefined,
      kmsKeys: {},
      defaultTags: {},
      publicWebsite: false,
      replication: { parallelization: 1, reservedConcurrency: undefined },
      listIndexes: "sharded",
      alarms: {
        email: undefined,
        replicationLagSeconds: 60,
        iteratorAgeSeconds: 300,
        heartbeatAgeSeconds: 300,
        handlerErrors: 1,
        apiErrors: 10,
        certificateDays: 30,
      },
      awsEndpoint: undefined,
    });
  });

  it("differs between the committed stacks only in the primary", () => {
    const ireland = read({});
    assert.deepEqual(read({}, "singapore"), { ...ireland, primary: "singapore" });
  });

  it("groups the values", () => {
    const config = read({
      domainName: "tickets.example.com",
      hostedZoneId: "Z0123456789EXAMPLE",
      healthCheckInterval: "30",
      healthCheckThreshold: "1",
      failback: "automatic",
      takeoverAfterSeconds: "3600",
      protectData: "false",
      logRetentionDays: "3653",
      auditTrail: "true",
      auditManagementEvents: "true",
      auditRetentionDays: "3653",
      kmsKeys: JSON.stringify({ calgary: keyIn("ca-west-1"), "lehigh-valley": keyIn("us-east-1") }),
      defaultTags: '{"team": "support", "cost-center": 12, "paid": true, "note": ""}',
      ...{ replicationParallelization: "3", replicationConcurrency: "12" },
      listIndexes: "adding",
      alarmEmail: "operators@example.com",
      alarmReplicationLagSeconds: "1",
      alarmIteratorAgeSeconds: "86400",
      alarmHeartbeatAgeSeconds: "120",
      ...{ alarmHandlerErrors: "2", alarmApiErrors: "3" },
      alarmCertificateDays: "45",
      awsEndpoint: "http://localhost:4566",
      regions: regions(["lehigh-valley", "us-east-1"], ["calgary", "ca-west-1"]),
      primary: "calgary",
    });
    assert.deepEqual(config, {
      regions: [
        { name: "lehigh-valley", code: "us-east-1" },
        { name: "calgary", code: "ca-west-1" },
      ],
      primary: "calgary",
      domain: { name: "tickets.example.com", hostedZoneId: "Z0123456789EXAMPLE" },
      healthCheck: { intervalSeconds: 30, failureThreshold: 1 },
      takeover: { failback: "automatic", takeoverAfterSeconds: 3600 },
      protectData: false,
      logRetentionDays: 3653,
      auditTrail: { managementEvents: true, retentionDays: 3653 },
      kmsKeys: { calgary: keyIn("ca-west-1"), "lehigh-valley": keyIn("us-east-1") },
      defaultTags: { team: "support", "cost-center": "12", paid: "true", note: "" },
      publicWebsite: false,
      replication: { parallelization: 3, reservedConcurrency: 12 },
      listIndexes: "adding",
      alarms: {
        email: "operators@example.com",
        replicationLagSeconds: 1,
        iteratorAgeSeconds: 86_400,
        heartbeatAgeSeconds: 120,
        handlerErrors: 2,
        apiErrors: 3,
        certificateDays: 45,
      },
      awsEndpoint: "http://localhost:4566",
    });
  });

  it("treats a missing optional key as empty", () => {
    const { domain, awsEndpoint } = read({
      domainName: undefined,
      hostedZoneId: undefined,
      awsEndpoint: undefined,
    });
    assert.deepEqual([domain, awsEndpoint], [undefined, undefined]);
  });

  it("reports every invalid key in one error, with its value, the allowed values and the fix", () => {
    const lines = problemsOf({
      primary: "dublin",
      regions: "[{",
      domainName: "nodots",
      hostedZoneId: "/hostedzone/Z1",
      healthCheckInterval: "20",
      healthCheckThreshold: "11",
      failback: "never",
      takeoverAfterSeconds: "0",
      protectData: "yes",
      logRetentionDays: "31",
      auditTrail: "TRUE",
      auditManagementEvents: "1",
      auditRetentionDays: "0",
      kmsKeys: "[]",
      defaultTags: "{",
      publicWebsite: "on",
      alarmEmail: "operators",
      alarmReplicationLagSeconds: "0",
      alarmIteratorAgeSeconds: "86401",
      alarmHeartbeatAgeSeconds: "119",
      alarmHandlerErrors: "1.5",
      alarmApiErrors: "-1",
      alarmCertificateDays: "46",
      awsEndpoint: "localhost:4566",
      domianName: "tickets.example.com",
    });
    const wrong = lines.map((line) => /^- tickets:(\w+) is (.*?)(?:\. |$)/.exec(line)?.slice(1, 3));
    assert.deepEqual(wrong.map((match) => match?.[0]).sort(), [
      "alarmApiErrors",
      "alarmCertificateDays",
      "alarmEmail",
      "alarmHandlerErrors",
      "alarmHeartbeatAgeSeconds",
      "alarmIteratorAgeSeconds",
      "alarmReplicationLagSeconds",
      "auditManagementEvents",
      "auditRetentionDays",
      "auditTrail",
      "awsEndpoint",
      "defaultTags",
      "domainName",
      "domianName",
      "failback",
      "healthCheckInterval",
      "healthCheckThreshold",
      "hostedZoneId",
      "kmsKeys",
      "logRetentionDays",
      "primary",
      "protectData",
      "publicWebsite",
      "regions",
      "takeoverAfterSeconds",
    ]);
    for (const line of lines) assert.match(line, /Fix it with: pulumi config \S+/);
    assert.ok(
      lines.includes(
        '- tickets:healthCheckInterval is "20". It must be one of 10, 30. ' +
          "Fix it with: pulumi config set healthCheckInterval 10",
      ),
    );
    assert.ok(
      lines.includes(
        '- tickets:alarmHeartbeatAgeSeconds is "119". It must be an integer from 120 to 86400. ' +
          "Fix it with: pulumi config set alarmHeartbeatAgeSeconds 120",
      ),
    );
    assert.ok(
      lines.some((line) => line.includes('primary is "dublin". It must be one of ireland, singapore')),
    );
    assert.ok(lines.some((line) => line.includes("domianName is not a key of this program. The keys are")));
  });

  it("reports a key that is not set", () => {
    assert.match(onlyProblemOf({ primary: undefined }), /tickets:primary is not set\. It must be one of/);
  });

  it("rejects a primary that is not a configured region", () => {
    const config = {
      regions: regions(["oregon", "us-west-2"], ["tokyo", "ap-northeast-1"]),
      primary: "ireland",
    };
    assert.match(onlyProblemOf(config), /tickets:primary is "ireland"\. It must be one of oregon, tokyo/);
  });

  it("rejects KMS keys that are not one key per region, each in its region", () => {
    const [ireland, singapore] = [keyIn("eu-west-1"), keyIn("ap-southeast-1")];
    assert.deepEqual(read({ kmsKeys: JSON.stringify({ singapore, ireland }) }).kmsKeys, {
      ireland,
      singapore,
    });
    for (const keys of [
      { ireland },
      { ireland, tokyo: singapore },
      { ireland, singapore, tokyo: singapore },
      { ireland: singapore, singapore: ireland },
      { ireland, singapore: singapore.replace(":key/", ":alias/") },
      { ireland, singapore: 1 },
    ])
      assert.match(
        onlyProblemOf({ kmsKeys: JSON.stringify(keys) }),
        /tickets:kmsKeys is .* It must be an object with the ARN of one KMS key .* Fix it with: pulumi config set --path 'kmsKeys\.ireland' arn:aws:kms:eu-west-1:ACCOUNT/,
      );
  });

  it("rejects tags that AWS or the program would refuse", () => {
    const seven = Object.fromEntries([..."abcdefg"].map((key) => [key, "x".repeat(256)]));
    assert.deepEqual(read({ defaultTags: JSON.stringify(seven) }).defaultTags, seven);
    const unicode = { ["é".repeat(128)]: "a b_.:/=+-@" };
    assert.deepEqual(read({ defaultTags: JSON.stringify(unicode) }).defaultTags, unicode);
    for (const tags of [
      { ...seven, h: "" },
      { "": "empty" },
      { ["k".repeat(129)]: "long" },
      { long: "x".repeat(257) },
      { "AWS:team": "support" },
      { "pulumi:stack": "another" },
      { team: "support", Team: "support" },
      { team: "a,b" },
      { "team*": "support" },
      { team: ["support"] },
    ])
      assert.match(
        onlyProblemOf({ defaultTags: JSON.stringify(tags) }),
        /tickets:defaultTags is .* It must be an object of at most 7 tags, .* Fix it with: pulumi config set --path 'defaultTags\.team' support/,
        JSON.stringify(tags),
      );
  });

  it("rejects a hosted zone without a domain", () => {
    assert.match(
      onlyProblemOf({ hostedZoneId: "Z0123456789EXAMPLE" }),
      /hostedZoneId .* must be empty when domainName is/,
    );
  });
});

function keyIn(region: string): string {
  return `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
}
