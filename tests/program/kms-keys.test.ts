import assert from "node:assert/strict";
import { drainProgram, ofType, Program, resourceNamed } from "../support/mocked-program";
import { REGIONS } from "../support/program-variants";

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

const KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  REGIONS.map(({ name, code }, index) => [
    name,
    `arn:aws:kms:${code}:123456789012:key/${`${index}`.repeat(36)}`,
  ]),
);

describe("kmsKeys", function () {
  this.timeout(120_000);
  let program: Program;
  before(async () => {
    program = await drainProgram({
      stack: "ireland",
      config: { "tickets:kmsKeys": JSON.stringify(KEYS), "tickets:domainName": "tickets.test" },
    });
  });

  it("encrypts both tables, the quarantine queue and the failure bucket of a region with its key", () => {
    for (const { name, other } of REGIONS) {
      for (const table of ["tickets", "conflicts"])
        assert.deepEqual(
          resourceNamed(program, "aws:dynamodb/table:Table", `${name}-${table}`).inputs.serverSideEncryption,
          { enabled: true, kmsKeyArn: KEYS[name] },
        );
      const replication = `${name}-to-${other.name}`;
      const { inputs } = resourceNamed(program, "aws:sqs/queue:Queue", `${replication}-quarantine`);
      assert.deepEqual([inputs.kmsMasterKeyId, inputs.sqsManagedSseEnabled], [KEYS[name], undefined]);
      const encryption =
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
      assert.deepEqual(resourceNamed(program, encryption, `${replication}-failures`).inputs.rules, [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEYS[name] },
          bucketKeyEnabled: true,
        },
      ]);
    }
  });

  it("lets every role that uses a table decrypt with the key of that table, only through DynamoDB", () => {
    let count = 0;
    for (const { name, inputs } of ofType(program, "aws:iam/rolePolicy:RolePolicy")) {
      const { Statement } = JSON.parse(inputs.policy) as { Statement: Statement[] };
      const regions = new Set(
        Statement.flatMap(({ Effect, Resource }) => (Effect === "Allow" ? Resource : []))
          .filter((arn) => arn.startsWith("arn:aws:dynamodb:"))
          .map((arn) => arn.split(":")[3]),
      );
      for (const { name: alias, code } of REGIONS) {
        const found = Statement.filter(
          ({ Action, Resource }) =>
            Resource.includes(KEYS[alias]) && Action.length === 1 && Action[0] === "kms:Decrypt",
        );
        // A heartbeat reads the table of the other region.
        const isUsed = regions.has(code);
        assert.deepEqual(found, isUsed ? [useOf(alias, "dynamodb", "kms:Decrypt")] : [], `${name} ${alias}`);
        if (isUsed) count++;
      }
    }
    assert.ok(count > 20, `${count}`);
  });

  it("lets replication write to the queue and the bucket of its region", () => {
    for (const { name, other } of REGIONS) {
      const { inputs } = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", `${name}-to-${other.name}`);
      const { Statement } = JSON.parse(inputs.policy) as { Statement: Statement[] };
      const used = Statement.filter(({ Action }) => Action.some((action) => action.startsWith("kms:")));
      assert.deepEqual(
        used.filter(({ Action }) => Action.includes("kms:GenerateDataKey")),
        [useOf(name, "s3", "kms:GenerateDataKey"), useOf(name, "sqs", "kms:GenerateDataKey", "kms:Decrypt")],
      );
      assert.equal(used.length, 4);
    }
  });

  it("is the only reason for a role to use KMS", async () => {
    const { resources } = await drainProgram({ stack: "ireland" });
    for (const { inputs } of resources) assert.doesNotMatch(JSON.stringify(inputs), /kms/i);
  });
});

function useOf(alias: string, service: string, ...actions: string[]): Statement {
  const region = KEYS[alias].split(":")[3];
  return {
    Effect: "Allow",
    Action: actions,
    Resource: [KEYS[alias]],
    Condition: { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } },
  };
}
