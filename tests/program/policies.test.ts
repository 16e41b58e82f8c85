import assert from "node:assert/strict";
import { ofType, Program, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: unknown;
}

const KEYS_PRESENT = { "dynamodb:LeadingKeys": "false" };

describe("IAM policies", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("allow each API function the actions of its route, on the tables of its own region", () => {
    for (const { program } of variants)
      for (const { name, code } of REGIONS) {
        const table = arnOf(program, "aws:dynamodb/table:Table", `${name}-tickets`);
        const conflictTable = arnOf(program, "aws:dynamodb/table:Table", `${name}-conflicts`);
        const canaryOnly = {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`canary-${code}`] },
          Null: KEYS_PRESENT,
        };
        const routingOnly = {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`routing-${code}`] },
          Null: KEYS_PRESENT,
        };
        const expected: Record<string, Statement[]> = {
          list: [
            allow(["dynamodb:Query"], [`${table}/index/byStatusShard`, `${table}/index/byAssigneeShard`]),
            allow(["dynamodb:BatchGetItem"], [table]),
            denyReserved([table]),
          ],
          create: [allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table]), denyReserved([table])],
          get: [allow(["dynamodb:GetItem"], [table]), denyReserved([table])],
          update: [
            allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [table]),
            allow(["dynamodb:GetItem"], [conflictTable]),
            denyReserved([table, conflictTable]),
          ],
          delete: [allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table]), denyReserved([table])],
          conflicts: [allow(["dynamodb:Query"], [conflictTable]), denyReserved([conflictTable])],
          recentConflicts: [allow(["dynamodb:Query"], [`${conflictTable}/index/byRecency`])],
          health: [{ ...allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table]), Condition: canaryOnly }],
          openapi: [],
          routing: [{ ...allow(["dynamodb:GetItem"], [table]), Condition: routingOnly }],
          unknown: [],
        };
        for (const [route, statements] of Object.entries(expected)) {
          const functionName = `${name}-api-${route}`;
          assert.deepEqual(
            statementsOf(program, functionName),
            [...statements, writeLog(program, functionName)],
            functionName,
          );
        }
      }
  });

  it("allow replication to read its own stream, write to the other table and record conflicts in both regions", () => {
    for (const { program } of variants)
      for (const { name, code, other } of REGIONS) {
        const replication = `${name}-to-${other.name}`;
        const table = arnOf(program, "aws:dynamodb/table:Table", `${name}-tickets`);
        const bucket = arnOf(program, "aws:s3/bucket:Bucket", `${replication}-failures`);
        const readStream = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
        assert.deepEqual(statementsOf(program, replication), [
          allow(
            readStream.map((action) => `dynamodb:${action}`),
            [`${table}/stream/2026-01-01T00:00:00.000`],
          ),
          allow(
            ["dynamodb:PutItem"],
            [`${other.name}-tickets`, `${other.name}-conflicts`, `${name}-conflicts`].map((tableName) =>
              arnOf(program, "aws:dynamodb/table:Table", tableName),
            ),
          ),
          denyReserved(
            [arnOf(program, "aws:dynamodb/table:Table", `${other.name}-tickets`)],
            [...itemsOf(`heartbeat-${code}`), ...itemsOf(`lag-probe-${code}`)],
          ),
          denyReserved(
            [`${other.name}-conflicts`, `${name}-conflicts`].map((tableName) =>
              arnOf(program, "aws:dynamodb/table:Table", tableName),
            ),
          ),
          allow(["sqs:SendMessage"], [arnOf(program, "aws:sqs/queue:Queue", `${replication}-quarantine`)]),
          allow(["s3:PutObject"], [`${bucket}/*`]),
          allow(["s3:ListBucket"], [bucket]),
          writeLog(program, replication),
        ]);
      }
  });

  it("allow the heartbeat to write its own items and to read the other region's", () => {
    for (const { program } of variants)
      for (const { name, code, other } of REGIONS) {
        const table = arnOf(program, "aws:dynamodb/table:Table", `${name}-tickets`);
        const only = (region: string): object => ({
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": itemsOf(`heartbeat-${region}`) },
          Null: KEYS_PRESENT,
        });
        assert.deepEqual(statementsOf(program, `${name}-heartbeat`), [
          { ...allow(["dynamodb:PutItem"], [table]), Condition: only(code) },
          { ...allow(["dynamodb:BatchGetItem", "dynamodb:GetItem"], [table]), Condition: only(other.code) },
          writeLog(program, `${name}-heartbeat`),
        ]);
      }
  });

  it("allow no scan of a table and no deletion of an item", () => {
    for (const { program } of variants)
      for (const { inputs } of ofType(program, "aws:iam/rolePolicy:RolePolicy"))
        assert.doesNotMatch(inputs.policy, /Scan|DeleteItem|BatchWrite/);
  });

  it("allow UpdateItem only to the function that edits tickets, and no PutItem to it", () => {
    for (const { program } of variants)
      for (const { name, inputs } of ofType(program, "aws:iam/rolePolicy:RolePolicy"))
        if (/-api-update$/.test(name)) assert.doesNotMatch(inputs.policy, /PutItem/, name);
        else assert.doesNotMatch(inputs.policy, /UpdateItem/, name);
  });

  it("deny public access and plain HTTP to the failure buckets", () => {
    for (const { program } of variants)
      for (const { name, other } of REGIONS) {
        const failures = `${name}-to-${other.name}-failures`;
        const bucket = arnOf(program, "aws:s3/bucket:Bucket", failures);
        const { inputs: policy } = resourceNamed(program, "aws:s3/bucketPolicy:BucketPolicy", failures);
        assert.deepEqual(JSON.parse(policy.policy).Statement, [
          {
            Effect: "Deny",
            Principal: "*",
            Action: ["s3:*"],
            Resource: [bucket, `${bucket}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]);
        const { inputs: access } = resourceNamed(
          program,
          "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
          failures,
        );
        const { bucket: bucketName, ...blocks } = access;
        assert.ok(bucket.endsWith(`:${bucketName}`));
        assert.deepEqual(blocks, {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
      }
  });

  it("of buckets follow the public access block of their bucket", () => {
    for (const { program } of variants)
      for (const { name, inputs, dependencies } of ofType(program, "aws:s3/bucketPolicy:BucketPolicy")) {
        const blocks = ofType(program, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
        const block = blocks.find((one) => one.inputs.bucket === inputs.bucket);
        assert.ok(block && dependencies.includes(block.urn), name);
      }
  });
});

function statementsOf(program: Program, name: string): Statement[] {
  return JSON.parse(resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", name).inputs.policy).Statement;
}

function allow(Action: string[], Resource: string[]): Statement {
  return { Effect: "Allow", Action, Resource };
}

function denyReserved(Resource: string[], except: string[] = []): Statement {
  return {
    Effect: "Deny",
    Action: ["dynamodb:*"],
    Resource,
    Condition: {
      "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["*-*"] },
      ...(except.length > 0 && { "ForAnyValue:StringNotEquals": { "dynamodb:LeadingKeys": except } }),
    },
  };
}

function writeLog(program: Program, name: string): Statement {
  return allow(
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    [`${arnOf(program, "aws:cloudwatch/logGroup:LogGroup", name)}:*`],
  );
}

function arnOf(program: Program, type: string, name: string): string {
  const { arn } = resourceNamed(program, type, name).outputs;
  return arn as string;
}

/** Keys of the sixteen items of a heartbeat or a lag probe. */
function itemsOf(first: string): string[] {
  return [first, ...Array.from({ length: 15 }, (_, index) => `${first}-${index + 1}`)];
}
