import assert from "node:assert/strict";
import { ofType, Program, ProgramResource, resourceNamed } from "../support/program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";
import { drainProgram } from "../support/program";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "aws:sns/topic:Topic";

describe("The alarms of the program", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("watch each direction of replication, each heartbeat and each API, in the region where the metric is", () => {
    for (const { program } of variants) {
      const expected = Object.assign({}, ...REGIONS.map((region) => expectedAlarms(program, region)));
      const alarms = ofType(program, ALARM);
      assert.deepEqual(alarms.map(({ name }) => name).sort(), Object.keys(expected).sort());
      for (const alarm of alarms) assert.deepEqual(conditionOf(alarm), expected[alarm.name], alarm.name);
    }
  });

  it("go off at their threshold or above, and treat missing data as good, but for a missing heartbeat", () => {
    for (const { program } of variants)
      for (const { name, inputs } of ofType(program, ALARM)) {
        assert.equal(inputs.comparisonOperator, "GreaterThanOrEqualToThreshold");
        assert.equal(inputs.treatMissingData, name.endsWith("-missing") ? "breaching" : "notBreaching", name);
      }
  });

  it("tell the topic of their region when they go off and when all is well again", () => {
    for (const { program } of variants)
      for (const { name: region } of REGIONS) {
        const { outputs } = resourceNamed(program, TOPIC, `${region}-alarms`);
        const alarms = ofType(program, ALARM).filter(({ name }) => name.startsWith(`${region}-`));
        assert.equal(alarms.length, 8);
        for (const { inputs } of alarms) {
          assert.deepEqual(inputs.alarmActions, [outputs.arn]);
          assert.deepEqual(inputs.okActions, [outputs.arn]);
        }
      }
  });

  it("say in their description what is wrong and where to look, within the 1,024 characters that CloudWatch keeps", () => {
    for (const { inputs } of ofType(variants[0].program, ALARM)) {
      assert.match(inputs.alarmDescription, /ireland|singapore/);
      assert.match(inputs.alarmDescription, /Look at|Read why|Redrive|mend/);
      assert.ok(inputs.alarmDescription.length <= 1024);
    }
  });

  it("need the mapping's own metrics, which Lambda publishes only when it is asked to", () => {
    for (const { program } of variants)
      for (const { inputs } of ofType(program, "aws:lambda/eventSourceMapping:EventSourceMapping"))
        assert.deepEqual(inputs.metricsConfig, { metrics: ["EventCount"] });
  });

  it("are sent to nobody, unless an address is configured", async () => {
    for (const { program } of variants)
      assert.deepEqual(ofType(program, "aws:sns/topicSubscription:TopicSubscription"), []);
    const program = await drainProgram({
      stack: "ireland",
      config: { "tickets:alarmEmail": "operators@example.com" },
    });
    for (const { name, code } of REGIONS) {
      const { inputs, region } = resourceNamed(
        program,
        "aws:sns/topicSubscription:TopicSubscription",
        `${name}-alarms`,
      );
      const topic = resourceNamed(program, TOPIC, `${name}-alarms`);
      assert.deepEqual(inputs, {
        topic: topic.outputs.arn,
        protocol: "email",
        endpoint: "operators@example.com",
      });
      assert.equal(region, code);
    }
  });

  it("take their thresholds from the configuration, in seconds and counts", async () => {
    const program = await drainProgram({
      stack: "singapore",
      config: {
        "tickets:alarmReplicationLagSeconds": "7",
        "tickets:alarmIteratorAgeSeconds": "8",
        "tickets:alarmHeartbeatAgeSeconds": "180",
        "tickets:alarmHandlerErrors": "9",
        "tickets:alarmApiErrors": "10",
      },
    });
    const thresholdOf = (name: string): number => resourceNamed(program, ALARM, name).inputs.threshold;
    assert.equal(thresholdOf("ireland-to-singapore-lag"), 7_000);
    assert.equal(thresholdOf("ireland-to-singapore-iterator-age"), 8_000);
    assert.equal(thresholdOf("singapore-heartbeat-missing"), 180_000);
    assert.equal(thresholdOf("singapore-to-ireland-errors"), 9);
    assert.equal(thresholdOf("ireland-api-errors"), 10);
  });
});

type Region = (typeof REGIONS)[number];

/** What tells an alarm's metric and when it goes off. */
interface Condition {
  readonly metric: string;
  readonly dimensions: unknown;
  readonly statistic: string;
  readonly threshold: number;
  /** Seconds of a period, and how many of how many of them. */
  readonly period: readonly [seconds: number, breaching: number, evaluated: number];
  readonly region: string;
}

function conditionOf({ inputs, region }: ProgramResource): Condition {
  return {
    metric: `${inputs.namespace} ${inputs.metricName}`,
    dimensions: inputs.dimensions,
    statistic: inputs.statistic ?? inputs.extendedStatistic,
    threshold: inputs.threshold,
    period: [inputs.period, inputs.datapointsToAlarm, inputs.evaluationPeriods],
    region,
  };
}

/** The alarms in a region, with the default thresholds. */
function expectedAlarms(program: Program, { name, code, other }: Region): Record<string, Condition> {
  const direction = `${name}-to-${other.name}`;
  const outputOf = (type: string, resource: string, output: string): unknown =>
    resourceNamed(program, type, resource).outputs[output];
  const functionName = (of: string): unknown => outputOf("aws:lambda/function:Function", of, "name");
  const mapping = outputOf("aws:lambda/eventSourceMapping:EventSourceMapping", `${direction}-stream`, "uuid");
  const queue = outputOf("aws:sqs/queue:Queue", `${direction}-quarantine`, "name");
  const sum = { statistic: "Sum", period: [300, 1, 1], region: code } as const;
  const late = { period: [60, 3, 5], region: code } as const;
  const ofFunction = { FunctionName: functionName(direction) };
  const ofMapping = { ...sum, dimensions: { EventSourceMappingUUID: mapping }, threshold: 1 };
  return {
    [`${direction}-lag`]: {
      ...late,
      metric: "Tickets ReplicationLag",
      dimensions: { ...ofFunction, SourceRegion: code, TargetRegion: other.code },
      statistic: "p99",
      threshold: 60_000,
    },
    [`${direction}-iterator-age`]: {
      ...late,
      metric: "AWS/Lambda IteratorAge",
      dimensions: ofFunction,
      statistic: "Maximum",
      threshold: 300_000,
    },
    [`${direction}-quarantined`]: {
      ...sum,
      metric: "AWS/SQS ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue },
      statistic: "Maximum",
      threshold: 1,
    },
    [`${direction}-given-up`]: { ...ofMapping, metric: "AWS/Lambda OnFailureDestinationDeliveredEventCount" },
    [`${direction}-dropped`]: { ...ofMapping, metric: "AWS/Lambda DroppedEventCount" },
    [`${direction}-errors`]: { ...sum, metric: "AWS/Lambda Errors", dimensions: ofFunction, threshold: 1 },
    [`${name}-heartbeat-missing`]: {
      metric: "Tickets HeartbeatAge",
      dimensions: {
        FunctionName: functionName(`${name}-heartbeat`),
        SourceRegion: other.code,
        TargetRegion: code,
      },
      statistic: "Maximum",
      threshold: 300_000,
      period: [60, 3, 3],
      region: code,
    },
    [`${name}-api-errors`]: {
      ...sum,
      metric: "AWS/ApiGateway 5xx",
      dimensions: { ApiId: resourceNamed(program, "aws:apigatewayv2/api:Api", `${name}-api`).id },
      threshold: 10,
    },
  };
}
