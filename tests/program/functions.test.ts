import assert from "node:assert/strict";
import { documentedOperations } from "../../functions/openapi/document";
import { ofType, Program, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";
import { shippedFunction, startFunction } from "../support/shipped-function";

const ROUTES = {
  list: "GET /tickets",
  create: "POST /tickets",
  get: "GET /tickets/{id}",
  update: "PATCH /tickets/{id}",
  delete: "DELETE /tickets/{id}",
  conflicts: "GET /tickets/{id}/conflicts",
  recentConflicts: "GET /conflicts",
  health: "GET /health",
  openapi: "GET /openapi.json",
  routing: "GET /routing",
  unknown: "$default",
};
/** Route keys by resource name. */
const ROUTE_KEYS: Readonly<Record<string, string>> = {
  ...ROUTES,
  ...Object.fromEntries(
    Object.entries(ROUTES)
      .filter(([, key]) => key.startsWith("GET "))
      .map(([route, key]) => [`${route}-head`, key.replace("GET", "HEAD")]),
  ),
  "unknown-options": "OPTIONS /{proxy+}",
};
const ALIAS = "aws:lambda/alias:Alias";
const API_FUNCTIONS = REGIONS.flatMap(({ name }) =>
  Object.keys(ROUTES).map((route) => `${name}-api-${route}`),
);
const HEARTBEATS = REGIONS.map(({ name }) => `${name}-heartbeat`);
const SENTINELS = REGIONS.map(({ name }) => `${name}-sentinel`);
const REPLICATORS = REGIONS.map(({ name, other }) => `${name}-to-${other.name}`);

describe("Lambda functions", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  function forEachFunction(check: (lambda: ProgramResource, program: Program) => void): void {
    for (const { program } of variants)
      ofType(program, "aws:lambda/function:Function").forEach((lambda) => check(lambda, program));
  }

  it("serve the API, replication, the heartbeat, or with a domain the sentinel", () => {
    for (const { program, hasDomain } of variants)
      assert.deepEqual(
        new Set(ofType(program, "aws:lambda/function:Function").map(({ name }) => name)),
        new Set([...API_FUNCTIONS, ...REPLICATORS, ...HEARTBEATS, ...(hasDomain ? SENTINELS : [])]),
      );
  });

  it("have a runtime, architecture, timeout and memory size", () => {
    forEachFunction(({ name, inputs }) => {
      assert.equal(inputs.runtime, "nodejs24.x");
      assert.deepEqual(inputs.architectures, ["arm64"]);
      assert.equal(inputs.handler, "__index.handler");
      const isSentinel = SENTINELS.includes(name);
      assert.equal(inputs.timeout, isSentinel ? 180 : REPLICATORS.includes(name) ? 60 : 10);
      assert.equal(inputs.memorySize, isSentinel ? 256 : 512);
    });
  });

  it("publish every change as a version, to which the alias live points", () => {
    forEachFunction(({ name, inputs, outputs }, program) => {
      assert.equal(inputs.publish, true);
      const alias = resourceNamed(program, ALIAS, name);
      assert.deepEqual(alias.inputs, {
        name: "live",
        functionName: outputs.name,
        functionVersion: outputs.version,
      });
    });
  });

  it("have no callback-based handlers, which AWS detects by three parameters", async () => {
    const [{ program }] = variants;
    for (const lambda of ofType(program, "aws:lambda/function:Function")) {
      const { handler } = await startFunction<(...args: unknown[]) => unknown>(program, lambda.name);
      assert.ok(handler.length < 3, `${lambda.name} has ${handler.length} parameters`);
    }
  });

  it("write JSON to their own log group with the configured retention", () => {
    forEachFunction(({ name, inputs }, program) => {
      const logGroup = resourceNamed(program, "aws:cloudwatch/logGroup:LogGroup", name);
      assert.equal(logGroup.inputs.retentionInDays, 30);
      assert.equal(inputs.loggingConfig.logFormat, "JSON");
      assert.ok(inputs.loggingConfig.logGroup.startsWith(`${name}-`));
    });
  });

  it("have their own role that only Lambda may assume, with one inline policy and no managed policy", () => {
    forEachFunction(({ name, inputs }, program) => {
      const role = resourceNamed(program, "aws:iam/role:Role", name);
      assert.match(inputs.role, new RegExp(`:role/${name}-[0-9a-f]{7}$`));
      const [trust, ...others] = JSON.parse(role.inputs.assumeRolePolicy).Statement;
      assert.deepEqual(others, []);
      assert.deepEqual(trust, {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: ["sts:AssumeRole"],
      });
      const policies = ofType(program, "aws:iam/rolePolicy:RolePolicy").filter(({ inputs: policy }) =>
        inputs.role.endsWith(`/${policy.role}`),
      );
      assert.deepEqual(
        policies.map((policy) => policy.name),
        [name],
      );
      assert.equal(ofType(program, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").length, 0);
    });
  });

  it("are created after their policy, and before their callers", () => {
    forEachFunction((lambda, program) => {
      const policy = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", lambda.name);
      assert.ok(lambda.dependencies.includes(policy.urn));
      const alias = resourceNamed(program, ALIAS, lambda.name);
      assert.ok(alias.dependencies.includes(lambda.urn));
      const callers = program.resources.filter(
        ({ type, inputs }) =>
          type === "aws:lambda/eventSourceMapping:EventSourceMapping" &&
          inputs.functionName === alias.outputs.arn,
      );
      const schedules = ofType(program, "aws:scheduler/schedule:Schedule").filter(
        ({ inputs }) => inputs.target.arn === alias.outputs.arn,
      );
      const routes = ofType(program, "aws:apigatewayv2/route:Route").filter(
        ({ name }) => name === lambda.name,
      );
      assert.equal(callers.length + schedules.length + routes.length, 1);
      for (const schedule of schedules) {
        const mayInvoke = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", schedule.name);
        assert.ok(schedule.dependencies.includes(mayInvoke.urn));
        assert.ok(schedule.dependencies.includes(alias.urn));
      }
      for (const caller of callers) assert.ok(caller.dependencies.includes(alias.urn));
      for (const route of routes) {
        const permission = resourceNamed(program, "aws:lambda/permission:Permission", route.name);
        assert.ok(route.dependencies.includes(permission.urn));
        assert.ok(permission.dependencies.includes(alias.urn));
      }
    });
  });

  it("have one integration, and per route a permission for the default stage", () => {
    for (const { program } of variants)
      for (const region of REGIONS)
        for (const [route, key] of Object.entries(ROUTE_KEYS)) {
          const routeName = `${region.name}-api-${route}`;
          const name = routeName.replace(/-(head|options)$/, "");
          const { inputs: declared } = resourceNamed(program, "aws:apigatewayv2/route:Route", routeName);
          assert.equal(declared.routeKey, key);
          const { inputs: integration, dependencies } = resourceNamed(
            program,
            "aws:apigatewayv2/integration:Integration",
            name,
          );
          assert.match(declared.target, new RegExp(`^integrations/${name}-[0-9a-f]{7}$`));
          assert.equal(integration.integrationType, "AWS_PROXY");
          assert.equal(integration.payloadFormatVersion, "2.0");
          assert.match(
            integration.integrationUri,
            new RegExp(`:lambda:path/.*:function:${name}-[0-9a-f]{7}:live/invocations$`),
          );
          const { inputs: permission, urn } = resourceNamed(
            program,
            "aws:lambda/permission:Permission",
            routeName,
          );
          // A permission applies to one qualifier: without it, requests fail once the integration invokes the alias.
          assert.equal(permission.qualifier, "live");
          assert.ok(dependencies.includes(urn));
          assert.equal(permission.action, "lambda:InvokeFunction");
          assert.equal(permission.principal, "apigateway.amazonaws.com");
          assert.ok(permission.function.startsWith(`${name}-`));
          const [, , service, code, , path] = permission.sourceArn.split(":");
          assert.deepEqual([service, code], ["execute-api", region.code]);
          assert.equal(path.slice(path.indexOf("/")), `/$default/${key.replace(" ", "")}`);
        }
  });

  it("serve one operation each, HEAD with GET; the default route and a preflight route serve the rest", () => {
    const operations = documentedOperations().map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(
      new Set(Object.values(ROUTE_KEYS)),
      new Set([...operations, "$default", "OPTIONS /{proxy+}"]),
    );
    for (const { program } of variants)
      assert.equal(ofType(program, "aws:apigatewayv2/route:Route").length, 2 * (operations.length + 2));
  });

  it("are deployed as a single file, with ulid where ids are generated", async () => {
    const { program } = variants[0];
    for (const lambda of ofType(program, "aws:lambda/function:Function")) {
      const { paths } = await shippedFunction(lambda);
      const packages = lambda.name.endsWith("-create") ? ["node_modules/ulid"] : [];
      assert.deepEqual(paths, ["__index.js", ...packages], lambda.name);
    }
  });

  it("have the same code in every configuration and in both regions", async () => {
    const textOf = async (program: Program, name: string): Promise<string> =>
      (await shippedFunction(resourceNamed(program, "aws:lambda/function:Function", name))).text;
    const names = [...Object.keys(ROUTES).map((route) => `api-${route}`)];
    for (const name of names) {
      const expected = await textOf(variants[0].program, `ireland-${name}`);
      for (const { program } of variants)
        for (const region of REGIONS)
          assert.equal(await textOf(program, `${region.name}-${name}`), expected, name);
    }
    for (const { program, hasDomain } of variants)
      for (const [one, other] of [REPLICATORS, HEARTBEATS, ...(hasDomain ? [SENTINELS] : [])])
        assert.equal(await textOf(program, one), await textOf(program, other));
  });
});
