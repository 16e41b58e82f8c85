import assert from "node:assert/strict";
import { changedItem } from "../../functions/routing/routing-item";
import { toImage } from "../../testing/attribute-values";
import { createServer, type Server } from "node:http";
import type { Context } from "aws-lambda";
import type { ApiHandler } from "../../functions/http/api";
import { closeServer, listen } from "../../local/aws/listen";
import { httpEvent, invoke } from "../../testing/api-calls";
import { drainProgram, ofType, Program, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";
import { FakeSdk, shippedFunction, startShipped } from "../support/shipped-function";
import { IRELAND, SINGAPORE } from "../../testing/tickets";

const FUNCTION = "aws:lambda/function:Function";

describe("Sentinel", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  const sentinels = (program: Program): string[] =>
    ofType(program, FUNCTION)
      .map(({ name }) => name)
      .filter((name) => name.endsWith("-sentinel"));

  it("exists only with a domain and gated failback", async () => {
    for (const { program, hasDomain } of variants)
      assert.deepEqual(sentinels(program), hasDomain ? ["ireland-sentinel", "singapore-sentinel"] : []);
    const config = { "tickets:domainName": "tickets.test", "tickets:failback": "automatic" };
    assert.deepEqual(sentinels(await drainProgram({ stack: "ireland", config })), []);
  });

  it("is invoked every minute, with a timeout of two more minutes and a last round of calls", () => {
    for (const { program } of variants.filter(({ hasDomain }) => hasDomain))
      for (const { name, code } of REGIONS) {
        const schedule = resourceNamed(
          program,
          "aws:scheduler/schedule:Schedule",
          `${name}-sentinel-schedule`,
        );
        const { arn } = resourceNamed(program, "aws:lambda/alias:Alias", `${name}-sentinel`).outputs;
        assert.deepEqual(
          [schedule.region, schedule.inputs.scheduleExpression, schedule.inputs.target.arn],
          [code, "rate(1 minute)", arn],
        );
        assert.equal(resourceNamed(program, FUNCTION, `${name}-sentinel`).inputs.timeout, 180);
      }
  });

  it("may access only two items of the table of its own region", () => {
    for (const { program } of variants.filter(({ hasDomain }) => hasDomain))
      for (const { name, code } of REGIONS) {
        const { inputs } = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", `${name}-sentinel`);
        const [statement, log, ...others] = JSON.parse(inputs.policy).Statement;
        assert.deepEqual([others, log.Action[0]], [[], "logs:CreateLogStream"]);
        assert.deepEqual(statement, {
          Effect: "Allow",
          Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
          Resource: [resourceNamed(program, "aws:dynamodb/table:Table", `${name}-tickets`).outputs.arn],
          Condition: {
            "ForAllValues:StringEquals": {
              "dynamodb:LeadingKeys": [`routing-${code}`, `sentinel-${code}`],
            },
            Null: { "dynamodb:LeadingKeys": "false" },
          },
        });
      }
  });

  it("receives the API endpoints outside the domain, and no role", () => {
    const [ireland, singapore] = ["ireland", "singapore"].map((primary) =>
      variants.find((variant) => variant.primary === primary && variant.hasDomain),
    );
    for (const { name, code, other } of REGIONS) {
      const [one, same] = [ireland, singapore].map(
        (variant) =>
          resourceNamed(variant?.program as Program, FUNCTION, `${name}-sentinel`).inputs.environment
            .variables,
      );
      assert.deepEqual(one, same);
      assert.match(one.API_URL, new RegExp(`^https://${name}-api-.*\\.execute-api\\.${code}\\.`));
      assert.match(one.OTHER_API_URL, new RegExp(`^https://${other.name}-api-.*\\.${other.code}\\.`));
      assert.deepEqual(
        [one.REGION_NAME, one.OTHER_REGION_NAME, one.OTHER_REGION, one.DOMAIN_NAME],
        [name, other.name, other.code, "tickets.test"],
      );
      assert.equal(one.TAKEOVER_AFTER_SECONDS, "30");
    }
  });
});

describe("Deployed code of the routing functions", function () {
  this.timeout(120_000);
  let program: Program;
  let server: Server;
  let url: string;
  before(async () => {
    program = await drainProgram({ stack: "ireland", config: { "tickets:domainName": "tickets.test" } });
    server = createServer((_, response) =>
      response.end(JSON.stringify({ ok: true, region: SINGAPORE, checkedAt: new Date().toISOString() })),
    );
    url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a healthy Singapore" })}`;
  });
  after(() => closeServer(server));

  async function start<Handler>(
    name: string,
    items: Readonly<Record<string, object>>,
    names: Readonly<Record<string, string>> = {},
  ): Promise<{ handler: Handler; sdk: FakeSdk; printed: string[]; attemptMs: number[] }> {
    const lambda = resourceNamed(program, FUNCTION, name);
    const sdk = new FakeSdk({
      GetItemCommand: ({ Key }: { Key: { id: { S: string } } }) => {
        const item = items[Key.id.S];
        return { Item: item && toImage(item) };
      },
    });
    const resolveTxt = async (host: string): Promise<string[][]> => {
      if (names[host] === undefined) throw new Error(`${host} has no record.`);
      return [[names[host]]];
    };
    const printed: string[] = [];
    const attemptMs: number[] = [];
    const net = {
      setDefaultAutoSelectFamilyAttemptTimeout: (milliseconds: number) => attemptMs.push(milliseconds),
    };
    const { variables: declared } = lambda.inputs.environment;
    const variables = { ...declared, API_URL: url, OTHER_API_URL: url, TAKEOVER_AFTER_SECONDS: "1" };
    const handler = startShipped<Handler>(await shippedFunction(lambda), {
      environment: { ...variables, AWS_REGION: lambda.region, AWS_LAMBDA_FUNCTION_NAME: name },
      modules: { ...sdk.modules, "node:dns": { promises: { resolveTxt } }, "node:net": net },
      print: (text) => void printed.push(text),
    });
    return { handler, sdk, printed, attemptMs };
  }

  it("returns the takeover state in the form that Route 53 matches, without the operator", async () => {
    const event = { at: "2025-11-23T13:20:00.000Z", by: "operator ada", reason: "secret" };
    const item = changedItem(SINGAPORE, undefined, { what: "takeover", ...event });
    const { handler } = await start<ApiHandler>("singapore-api-routing", {
      [`routing-${SINGAPORE}`]: item,
    });
    const { status, text } = await invoke(handler, httpEvent("GET", "/routing"));
    assert.equal(status, 200);
    const check = resourceNamed(program, "aws:route53/healthCheck:HealthCheck", "routing-singapore-takeover");
    assert.ok(text.startsWith(check.inputs.searchString), text);
    assert.doesNotMatch(text, /ada|secret/);
  });

  it("reads the roles from DNS, and probes nothing as the primary", async () => {
    type Sentinel = (event: unknown, context: Partial<Context>) => Promise<void>;
    const names = { "primary.tickets.test": "ireland", "serving.tickets.test": "ireland" };
    const { handler, sdk, printed } = await start<Sentinel>("ireland-sentinel", {}, names);
    await handler({}, { awsRequestId: "r1" });
    const puts = sdk.sent.filter(({ command }) => command === "PutCommand").map(({ input }) => input.Item);
    const { runner } = puts[0];
    assert.deepEqual(puts, [
      { id: `sentinel-${IRELAND}`, runner, failures: 0 },
      { id: `sentinel-${IRELAND}`, runner, failures: 0, primary: "ireland" },
    ]);
    // Lambda may deliver the same event again, with the same id.
    await handler({}, { awsRequestId: "r1" });
    const again = sdk.sent.findLast(({ command }) => command === "PutCommand")?.input.Item.runner;
    assert.match(`${runner}, ${again}`, /^r1 [0-9a-f-]{36}, r1 [0-9a-f-]{36}$/);
    assert.notEqual(again, runner);
    assert.equal(JSON.parse(printed[0]).TakenOver, 0);
  });

  it("probes the primary over HTTP and stores the result", async () => {
    type Sentinel = (event: unknown, context: Partial<Context>) => Promise<void>;
    const names = { "primary.tickets.test": "singapore", "serving.tickets.test": "singapore" };
    const { handler, sdk, attemptMs } = await start<Sentinel>("ireland-sentinel", {}, names);
    // Longer than a round trip to Singapore; otherwise every probe could fail.
    assert.deepEqual(attemptMs, [1000]);
    // A newer invocation takes over after the first round, so this one ends.
    let looks = 0;
    const send = sdk.sent.push.bind(sdk.sent);
    sdk.sent.push = (...commands) => {
      const { command, input } = commands[0];
      if (command === "PutCommand" && ++looks > 2)
        throw Object.assign(new Error("Another one."), { name: "ConditionalCheckFailedException" });
      assert.match(input.Key?.id.S ?? input.Item.id, /^(routing|sentinel)-eu-west-1$/);
      return send(...commands);
    };
    const running = handler({}, { awsRequestId: "r2" });
    await running;
    const [begun, seen] = sdk.sent.filter(({ command }) => command === "PutCommand");
    assert.equal(seen.input.Item.primary, "singapore");
    assert.deepEqual([seen.input.Item.failures, seen.input.Item.failingSince], [0, undefined]);
    assert.equal(typeof seen.input.Item.healthySince, "number");
    assert.deepEqual(seen.input.ExpressionAttributeValues, { ":before": begun.input.Item.runner });
  });
});
