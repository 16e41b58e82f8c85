import assert from "node:assert/strict";
import { ofType, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

const CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

describe("Heartbeat", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("runs every minute without retries of missed minutes", () => {
    for (const { program } of variants) {
      for (const { name, code } of REGIONS) {
        const schedule = resourceNamed(
          program,
          "aws:scheduler/schedule:Schedule",
          `${name}-heartbeat-schedule`,
        );
        const live = resourceNamed(program, "aws:lambda/alias:Alias", `${name}-heartbeat`);
        const role = resourceNamed(program, "aws:iam/role:Role", `${name}-heartbeat-schedule`);
        assert.equal(schedule.region, code);
        assert.deepEqual(schedule.inputs, {
          scheduleExpression: "rate(1 minute)",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: live.outputs.arn,
            roleArn: role.outputs.arn,
            retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
          },
        });
      }
    }
  });

  it("and sentinel are not retried by Lambda's asynchronous queue either", () => {
    for (const { program, hasDomain } of variants) {
      for (const { name, urn, inputs } of ofType(program, CONFIG)) {
        const lambda = name.replace(/-schedule$/, "");
        const { outputs } = resourceNamed(program, "aws:lambda/function:Function", lambda);
        assert.deepEqual(inputs, {
          functionName: outputs.name,
          // Without the qualifier it would not apply to the alias that the schedule invokes.
          qualifier: "live",
          maximumEventAgeInSeconds: 60,
          maximumRetryAttempts: 0,
        });
        const schedule = resourceNamed(program, "aws:scheduler/schedule:Schedule", name);
        assert.ok(schedule.dependencies.includes(urn));
      }
      assert.equal(ofType(program, CONFIG).length, hasDomain ? 4 : 2);
    }
  });

  it("is scheduled with a role that only schedules of this account may assume, and that can only invoke it", () => {
    for (const { program } of variants)
      for (const { name, code } of REGIONS) {
        const schedule = `${name}-heartbeat-schedule`;
        const role = resourceNamed(program, "aws:iam/role:Role", schedule);
        assert.deepEqual(JSON.parse(role.inputs.assumeRolePolicy).Statement, [
          {
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: ["sts:AssumeRole"],
            Condition: {
              StringEquals: {
                "aws:SourceAccount": "000000000000",
                "aws:SourceArn": `arn:aws:scheduler:${code}:000000000000:schedule-group/default`,
              },
            },
          },
        ]);
        const policy = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", schedule);
        const live = resourceNamed(program, "aws:lambda/alias:Alias", `${name}-heartbeat`);
        assert.equal(policy.inputs.role, role.outputs.name);
        assert.deepEqual(JSON.parse(policy.inputs.policy).Statement, [
          { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [live.outputs.arn] },
        ]);
      }
  });

  it("is updated after the replicator, whose earlier version rejects heartbeats that it does not know", () => {
    for (const { program } of variants)
      for (const { name, other } of REGIONS) {
        const beat = resourceNamed(program, "tickets:global:Heartbeat", `${name}-heartbeat`);
        const replicator = resourceNamed(program, "aws:lambda/alias:Alias", `${name}-to-${other.name}`);
        assert.ok(beat.dependencies.includes(replicator.urn), name);
      }
  });

  it("receives its own table and the other region as environment variables", () => {
    for (const { program } of variants)
      for (const { name, other } of REGIONS) {
        const lambda = resourceNamed(program, "aws:lambda/function:Function", `${name}-heartbeat`);
        const table = resourceNamed(program, "aws:dynamodb/table:Table", `${name}-tickets`);
        assert.deepEqual(lambda.inputs.environment.variables, {
          TABLE_NAME: table.outputs.name,
          OTHER_REGION: other.code,
        });
      }
  });
});
