/*
 * Changes of a stack with a domain, as a path from one configuration to the next. Every run starts from the state that the previous one
 * left, so that whatever a second run of a configuration would change appears in the next row.
 */
import assert from "node:assert/strict";
import type { EngineRun, ResourceName } from "../../local/pulumi/engine/engine-run";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { optionValues, runbookCommands, runbookSection } from "./support/runbook";
import { assertChanges, assertOrder, updatedInputs } from "./support/transition";

const HANDLER = "functions/heartbeat/heartbeat.ts";

const records = namesOf("aws:route53/record:Record");
const checks = namesOf("aws:route53/healthCheck:HealthCheck");

/** Records whose targets depend on the roles. */
const roleRecords = records(
  ...["routing-api-primary-a", "routing-api-primary-aaaa"],
  ...["routing-api-secondary-a", "routing-api-secondary-aaaa"],
  ...["routing-roles-primary", "routing-roles-serving-primary", "routing-roles-serving-secondary"],
);
const endpointChecks = checks("routing-ireland", "routing-singapore");
/** Resources that contain the id of an endpoint check or of a takeover check. */
const usersOfChecks = [
  ...checks("routing-ireland-serves", "routing-singapore-serves"),
  ...records("routing-api-secondary-a", "routing-api-secondary-aaaa", "routing-roles-serving-secondary"),
  ...namesOf("aws:cloudwatch/metricAlarm:MetricAlarm")(
    "routing-alarms-ireland-endpoint",
    "routing-alarms-singapore-endpoint",
  ),
];
/** Resources of a sentinel, by type. */
const SENTINEL: Readonly<Record<string, readonly string[]>> = {
  "tickets:global:Sentinel": [""],
  "tickets:regional:LambdaFunction": [""],
  "aws:cloudwatch/logGroup:LogGroup": [""],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["-silent", "-taken-over"],
  "aws:iam/role:Role": ["", "-schedule"],
  "aws:iam/rolePolicy:RolePolicy": ["", "-schedule"],
  "aws:lambda/alias:Alias": [""],
  "aws:lambda/function:Function": [""],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["-schedule"],
  "aws:scheduler/schedule:Schedule": ["-schedule"],
};
const sentinels = Object.entries(SENTINEL).flatMap(([type, suffixes]) =>
  suffixes.flatMap((suffix) => namesOf(type)(`ireland-sentinel${suffix}`, `singapore-sentinel${suffix}`)),
);

/** Changes of the configuration by key; undefined selects the default. */
type Config = Readonly<Record<string, string | undefined>>;

describeWithEngine("a stack with a domain", () => {
  const cloud = useEngineCloud();
  let stack: StackUnderTest;

  before(async () => {
    stack = await cloud().openStack("ireland", { config: { "tickets:domainName": "tickets.test" } });
    await stack.up();
  });

  const up = (config: Config): Promise<EngineRun> => {
    const entries = Object.entries(config).map(([key, value]) => [`tickets:${key}`, value]);
    return stack.up({ config: Object.fromEntries(entries) as Config });
  };

  for (const primary of ["singapore", "ireland"])
    it(`changes seven records when ${primary} becomes the primary`, async () => {
      const run = await up({ primary });
      assertChanges(run, { updated: roleRecords });
      assert.deepEqual(updatedInputs(run), ["aliases", "healthCheckId", "records"]);
      assert.equal(primaryInDns(), primary);
    });

  it("updates the endpoint checks when the threshold changes", async () => {
    const run = await up({ healthCheckThreshold: "5" });
    assertChanges(run, { updated: endpointChecks });
    assert.deepEqual(updatedInputs(run), ["failureThreshold"]);
  });

  const timings: [title: string, config: Config][] = [
    ["when the interval changes", { healthCheckInterval: "30" }],
    [
      "when interval and threshold are the defaults again",
      { healthCheckInterval: undefined, healthCheckThreshold: undefined },
    ],
  ];
  for (const [title, config] of timings)
    it(`replaces the checks that send requests ${title}, and deletes the old ones when nothing uses them`, async () => {
      const run = await up(config);
      assertChanges(run, {
        replaced: [...endpointChecks, ...checks("routing-ireland-takeover", "routing-singapore-takeover")],
        updated: usersOfChecks,
      });
      assertOrder(run, "create-replacement", "delete-replaced");
      assertOrder(run, "update", "delete-replaced");
    });

  it("deletes both sentinels when failback becomes automatic", async () => {
    assertChanges(await up({ failback: "automatic" }), { deleted: sentinels });
  });

  it("creates both sentinels when failback is gated again", async () => {
    assertChanges(await up({ failback: "gated" }), { created: sentinels });
  });

  for (const order of [["singapore", "ireland"], undefined])
    it(`changes the preferred origin and the lists of URLs when regions lists ${order?.[0] ?? "ireland"} first`, async () => {
      const code = { ireland: "eu-west-1", singapore: "ap-southeast-1" } as Record<string, string>;
      const regions = order && JSON.stringify(order.map((name) => ({ name, code: code[name] })));
      const run = await up({ regions });
      assertChanges(run, {
        updated: [
          "aws:cloudfront/distribution:Distribution routing-page",
          "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy routing-page-headers",
          ...namesOf("aws:s3/bucketObjectv2:BucketObjectv2")("ireland-page-config", "singapore-page-config"),
        ],
      });
      assert.deepEqual(updatedInputs(run), ["content", "originGroups", "securityHeadersConfig"]);
    });

  describe("while Ireland is down", () => {
    const [ireland, singapore] = ["ireland-heartbeat", "singapore-heartbeat"].map((name) => [
      `aws:lambda/function:Function ${name}`,
      `aws:lambda/alias:Alias ${name}`,
    ]);
    const [release, releaseRest] = runbookCommands("Deploy without a region");

    before(() => cloud().host.regions.setState("ireland", "down"));
    after(() => cloud().host.regions.setState("ireland", "up"));

    it("makes Singapore the primary with the commands of the runbook", async () => {
      assert.deepEqual(runbookCommands("Swap the roles"), [
        "pulumi config set tickets:primary singapore --stack ireland",
        "pulumi up --stack ireland",
      ]);
      assertChanges(await up({ primary: "singapore" }), { updated: roleRecords });
      assert.equal(primaryInDns(), "singapore");
    });

    it("releases a fix to Singapore with the command of the runbook", async () => {
      stack.program.replace(HANDLER, "let greatest = 0;", "let greatest = 1;");
      const exclude = optionValues(release, "--exclude");
      assert.equal(release, `pulumi up --stack ireland --exclude '${exclude[0]}'`);
      assertChanges(await stack.up({ exclude }), { updated: singapore });
    });

    it("fails to release the fix to Ireland and names the region that does not respond", async () => {
      const run = await stack.tryUp();
      assert.match(run.error?.message ?? "", /no endpoint of eu-west-1 responds, because the region is down/);
      assert.deepEqual(run.failed, [ireland[0]]);
      assertChanges(run, {});
    });

    it("releases the rest once Ireland is up again", async () => {
      cloud().host.regions.setState("ireland", "up");
      assert.equal(releaseRest, "pulumi up --stack ireland");
      assertChanges(await stack.up(), { updated: ireland });
    });

    it("swaps the roles back with a run that is limited to the records", async () => {
      const target = optionValues(runbookSection("Swap the roles"), "--target");
      const run = await stack.up({ config: { "tickets:primary": "ireland" }, target });
      assertChanges(run, { updated: roleRecords });
    });

    it("changes nothing in the second run", async () => {
      assertChanges(await stack.up(), {});
    });
  });

  /** Returns the primary in the TXT record that the sentinel reads. */
  function primaryInDns(): string {
    const [answer] = cloud().host.services.route53.resolve("primary.tickets.test", "TXT");
    return answer.data.replace(/"/g, "");
  }
});

/** Returns a function that puts a type before names. */
function namesOf(type: string): (...names: string[]) => ResourceName[] {
  return (...names) => names.map((name) => `${type} ${name}`);
}
