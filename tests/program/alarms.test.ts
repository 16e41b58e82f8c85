import assert from "node:assert/strict";
import { drainProgram, ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";
import { expectedIndexAlarms } from "./index-alarms";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TOPIC = "aws:sns/topic:Topic";

describe("Alarms", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("cover replication, heartbeats, APIs, sentinels, health checks and certificates, in the region of the metric", () => {
    for (const { program, hasDomain } of variants) {
      const expected = Object.assign(
        {},
        ...REGIONS.flatMap((one) => [expectedAlarms(program, one), expectedIndexAlarms(program, one)]),
        ...(hasDomain ? REGIONS.map((region) => expectedWithDomain(program, region)) : []),
        hasDomain
          ? { "routing-alarms-global-certificate": certificateEnds(program, "global", "us-east-1") }
          : {},
      );
      const alarms = ofType(program, ALARM);
      assert.deepEqual(alarms.map(({ name }) => name).sort(), Object.keys(expected).sort());
      for (const alarm of alarms) assert.deepEqual(conditionOf(alarm), expected[alarm.name], alarm.name);
    }
  });

  it("compare with their threshold in the right direction, and treat missing data as breaching only where it means a failure", () => {
    for (const { program } of variants)
      for (const { name, inputs } of ofType(program, ALARM)) {
        const isBelow = /-(silent|certificate|endpoint)$/.test(name);
        const operator = isBelow ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold";
        assert.equal(inputs.comparisonOperator, operator, name);
        // ACM publishes no metric for an expired certificate.
        const missing = /-(missing|silent|endpoint)$/.test(name) ? "breaching" : "notBreaching";
        assert.equal(inputs.treatMissingData, name.endsWith("-certificate") ? "ignore" : missing, name);
      }
  });

  it("notify the topic of their region of both state changes", () => {
    for (const { program, hasDomain } of variants)
      for (const { topicName, code } of [
        ...REGIONS.map(({ name, code: ofRegion }) => ({ topicName: `${name}-alarms`, code: ofRegion })),
        ...(hasDomain ? [{ topicName: "routing-alarms", code: "us-east-1" }] : []),
      ]) {
        const { outputs } = resourceNamed(program, TOPIC, topicName);
        const alarms = ofType(program, ALARM).filter(({ region }) => region === code);
        assert.equal(alarms.length, topicName === "routing-alarms" ? 3 : hasDomain ? 15 : 12);
        for (const { inputs } of alarms) {
          assert.deepEqual(inputs.alarmActions, [outputs.arn]);
          assert.deepEqual(inputs.okActions, [outputs.arn]);
        }
      }
  });

  it("describe the problem and the first step within CloudWatch's limit of 1,024 characters", () => {
    for (const { inputs } of variants.flatMap(({ program }) => ofType(program, ALARM))) {
      assert.match(inputs.alarmDescription, /ireland|singapore|us-east-1/);
      assert.match(inputs.alarmDescription, /Check|[Rr]un npm run/);
      assert.ok(inputs.alarmDescription.length <= 1024);
    }
  });

  it("use metrics of the event source mapping, which the program enables", () => {
    for (const { program } of variants)
      for (const { inputs } of ofType(program, "aws:lambda/eventSourceMapping:EventSourceMapping"))
        assert.deepEqual(inputs.metricsConfig, { metrics: ["EventCount"] });
  });

  it("have no e-mail subscription without a configured address", async () => {
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

  it("use the configured thresholds", async () => {
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

/** Metric and condition of an alarm. */
interface Condition {
  readonly metric: string;
  readonly dimensions: unknown;
  readonly statistic: string;
  readonly threshold: number;
  /** Period in seconds, and breaching and evaluated datapoints. */
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

/** Expected alarms of a region, with default thresholds. */
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
    [`${direction}-quarantined-in-bucket`]: {
      ...sum,
      metric: "Tickets QuarantinedInBucket",
      dimensions: { ...ofFunction, SourceRegion: code, TargetRegion: other.code },
      threshold: 1,
    },
    [`${direction}-rejected`]: {
      ...sum,
      metric: "Tickets Rejected",
      dimensions: { ...ofFunction, SourceRegion: code, TargetRegion: other.code },
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

/** Expected alarms of a region on the sentinel, the endpoint check and the certificate. */
function expectedWithDomain(program: Program, { name, code }: Region): Record<string, Condition> {
  const sentinel = resourceNamed(program, "aws:lambda/function:Function", `${name}-sentinel`).outputs.name;
  const ofSentinel = {
    metric: "Tickets TakenOver",
    dimensions: { FunctionName: sentinel, Region: code },
    threshold: 1,
    region: code,
  };
  const onCheck = (check: string): Condition => ({
    metric: "AWS/Route53 HealthCheckStatus",
    dimensions: { HealthCheckId: resourceNamed(program, "aws:route53/healthCheck:HealthCheck", check).id },
    statistic: "Minimum",
    threshold: 1,
    period: [60, 1, 1],
    region: "us-east-1",
  });
  return {
    [`${name}-sentinel-taken-over`]: { ...ofSentinel, statistic: "Maximum", period: [60, 1, 1] },
    [`${name}-sentinel-silent`]: { ...ofSentinel, statistic: "SampleCount", period: [60, 5, 5] },
    [`routing-alarms-${name}-endpoint`]: onCheck(`routing-${name}`),
    [`routing-alarms-${name}-certificate`]: certificateEnds(program, name, code),
  };
}

function certificateEnds(program: Program, name: string, region: string): Condition {
  const { arn } = resourceNamed(
    program,
    "aws:acm/certificate:Certificate",
    `routing-certificate-${name}`,
  ).outputs;
  return {
    metric: "AWS/CertificateManager DaysToExpiry",
    dimensions: { CertificateArn: arn },
    statistic: "Minimum",
    threshold: 30,
    period: [86_400, 1, 1],
    region,
  };
}
