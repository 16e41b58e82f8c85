import assert from "node:assert/strict";
import { version as awsVersion } from "@pulumi/aws/package.json";
import { version as awsxVersion } from "@pulumi/awsx/package.json";
import type { ResourceName } from "../../../local/pulumi/engine/engine-run";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { isOfAuditTrail } from "./audit-trail";
import { localFetch } from "../support/local-fetch";
import { assertChanges, updatedInputs } from "../support/transition";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const REGIONS = ["ireland", "singapore"] as const;
const PROVIDERS = ["global", ...REGIONS].map((name): ResourceName => `pulumi:providers:aws ${name}`);

/** Rows of releases: changes of the program that the clients of both regions see. */
export function releaseRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  describe("a release", () => {
    it("publishes only the function of a changed handler, in both regions, and moves its alias", async () => {
      const { program } = stack();
      program.replace("functions/http/unknown-route.ts", '"Route not found"', '"No such route"');
      const run = await stack().up();
      assertChanges(run, { updated: released("api-unknown") });
      assert.deepEqual(updatedInputs(run), ["code", "functionVersion"]);
      for (const { api } of await regionsOf(stack()))
        assert.equal((await jsonOf<{ title: string }>(`${api}/nowhere`)).title, "No such route");
    });

    it("updates every function and its alias to another Lambda runtime, and nothing else", async () => {
      const { program } = stack();
      program.replace("regional/lambda-function.ts", "NodeJS24dX", "NodeJS22dX");
      const run = await stack().up();
      const { resources = [] } = await stack().state();
      const functions = resources.filter(({ type }) => type === FUNCTION);
      assert.ok(functions.length > 0);
      assert.deepEqual(new Set(functions.map(({ outputs }) => outputs?.runtime)), new Set(["nodejs22.x"]));
      const names = functions.map(({ urn }) => urn.split("::").pop());
      assertChanges(run, {
        updated: [FUNCTION, ALIAS].flatMap((type) => names.map((name) => `${type} ${name}`)),
      });
      assert.deepEqual(updatedInputs(run), ["functionVersion", "runtime"]);
      for (const { api } of await regionsOf(stack()))
        assert.equal((await fetch(`${api}/health`)).status, 200);
    });

    /**
     * The provider changes the configuration of `$LATEST` first and its code later, so the old code would run with the new environment
     * and fail. Requests go to the alias, which moves to the next version when both have changed.
     */
    it("fails no request while an environment variable is renamed with the code that reads it", async () => {
      const { program } = stack();
      for (const reader of ["list-conflicts", "list-recent-conflicts", "update"])
        program.replace(`functions/tickets/${reader}.ts`, '"CONFLICT_TABLE_NAME"', '"CONFLICTS"');
      const routes = program.read("regional/ticket-routes.ts");
      program.write("regional/ticket-routes.ts", routes.replaceAll("CONFLICT_TABLE_NAME:", "CONFLICTS:"));
      const urls = (await regionsOf(stack())).map(({ api }) => `${api}/conflicts`);
      const { result: run, statuses } = await whileRequesting(urls, () => stack().up());
      assertChanges(run, { updated: released("api-conflicts", "api-recentConflicts", "api-update") });
      assert.deepEqual(updatedInputs(run), ["code", "environment", "functionVersion"]);
      assert.deepEqual(statuses, [200]);
      for (const url of urls) assert.deepEqual(await jsonOf(url), { conflicts: [] });
    });

    it("is taken back by moving the alias to the version before, which an up without a refresh keeps", async () => {
      const [{ api }] = await regionsOf(stack());
      const { lambda } = cloud().host.services;
      const [functionArn, version] = await liveVersion(stack(), "ireland-api-unknown");
      const titleNow = async (): Promise<string> => (await jsonOf<{ title: string }>(`${api}/nowhere`)).title;
      assert.equal(await titleNow(), "No such route");
      // Version 1 is the first deployment; the runtime was changed since the release of the handler.
      lambda.moveAlias(functionArn, "live", "1");
      assert.equal(await titleNow(), "Route not found");
      assertChanges(await stack().up(), {});
      assert.equal(await titleNow(), "Route not found");
      const alias = `${ALIAS} ireland-api-unknown`;
      assert.deepEqual((await stack().refresh()).updated, [alias]);
      assertChanges(await stack().up(), { updated: [alias] });
      assert.equal(lambda.versionOf(`${functionArn}:live`), version);
      assert.equal(await titleNow(), "No such route");
    });

    it("uploads the new files of a changed web UI before the index, and leaves the old ones for web UIs that are open", async () => {
      const { program } = stack();
      const index = program.read("ui/dist/index.html");
      const old = /assets\/index-[^"]+\.js/.exec(index)?.[0];
      assert.ok(old, "The index loads a script.");
      program.write("ui/dist/assets/index-changed.js", `${program.read(`ui/dist/${old}`)}\n// Changed.\n`);
      program.write("ui/dist/index.html", index.replaceAll(old, "assets/index-changed.js"));
      program.remove(`ui/dist/${old}`);
      const run = await stack().up();
      assertChanges(run, {
        created: inBothRegions(OBJECT, "page/assets/index-changed.js"),
        updated: inBothRegions(OBJECT, "page/index.html"),
        deleted: inBothRegions(OBJECT, `page/${old}`),
      });
      assert.deepEqual(updatedInputs(run), ["source"]);
      const position = (operation: string, resource: ResourceName): number =>
        run.operations.findIndex((one) => one.operation === operation && one.resource === resource);
      for (const region of REGIONS)
        assert.ok(
          position("create", `${OBJECT} ${region}-page/assets/index-changed.js`) <
            position("update", `${OBJECT} ${region}-page/index.html`),
        );
      const get = localFetch(cloud().host.services);
      const { appUrl } = (await stack().outputs()) as { appUrl: string };
      const textAt = async (path: string): Promise<string> => (await get(`${appUrl}${path}`, {})).text();
      assert.match(await textAt("/"), /assets\/index-changed\.js/);
      assert.match(await textAt("/assets/index-changed.js"), /\/\/ Changed\.\n$/);
      assert.equal((await get(`${appUrl}/${old}`, {})).status, 200);
    });
  });
}

/**
 * Rows of newer providers. The engine takes their versions from the packages of the SDK, and stores them with each provider. Provider
 * resources are part of every run, also of a targeted one; see `isImplicitlyTargetedResource` in pkg/resource/deploy/step_generator.go
 * of Pulumi.
 */
export function providerVersionRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  const awsxProvider = (version: string): string =>
    `pulumi:providers:awsx default_${version.replaceAll(".", "_")}`;

  describe("newer provider versions", () => {
    it("are tested with a component of awsx, too: the audit trail", async () => {
      // Its provider is a default provider, whose name contains the version.
      const run = await stack().up({ config: { "tickets:auditTrail": "true" } });
      assert.ok(run.created.includes(awsxProvider(awsxVersion)));
      assertChanges(run, { created: run.created.filter(isOfAuditTrail) });
    });

    it("reach every provider, but of the resources only those of the targeted region", async () => {
      const { program } = stack();
      cloud().providerVersions = { aws: "7.49.0", awsx: "3.10.0" };
      requestVersions(program, { aws: "7.49.0", awsx: "3.10.0" });
      program.replace("functions/http/unknown-route.ts", '"No such route"', '"Not a route"');
      const run = await stack().up({ target: ["urn:pulumi:ireland::tickets::**::singapore-**"] });
      assertChanges(run, {
        created: [awsxProvider("3.10.0")],
        updated: [
          ...[FUNCTION, ALIAS].map((type): ResourceName => `${type} singapore-api-unknown`),
          ...PROVIDERS,
        ],
      });
      assert.deepEqual(await awsVersions(stack()), {
        ...{ global: "7.49.0", ireland: "7.49.0", singapore: "7.49.0" },
      });
      const titles = (await regionsOf(stack())).map(async ({ api }) => {
        const { title } = await jsonOf<{ title: string }>(`${api}/nowhere`);
        return title;
      });
      assert.deepEqual(await Promise.all(titles), ["No such route", "Not a route"]);
    });

    it("change the other region in the next up without a target, and leave no old provider", async () => {
      assertChanges(await stack().up(), {
        updated: [FUNCTION, ALIAS].map((type) => `${type} ireland-api-unknown`),
        deleted: [awsxProvider(awsxVersion)],
      });
    });

    it("keep the tables, buckets and APIs when they are taken back", async () => {
      requestVersions(stack().program, { aws: awsVersion, awsx: awsxVersion });
      assertChanges(await stack().up(), {
        created: [awsxProvider(awsxVersion)],
        updated: [...PROVIDERS],
        deleted: [awsxProvider("3.10.0")],
      });
    });
  });
}

/** Lets the program request versions of the providers, as other versions of the packages do. */
function requestVersions(
  program: StackUnderTest["program"],
  { aws, awsx }: { readonly aws: string; readonly awsx: string },
): void {
  const file = "index.ts";
  const [imports] = program.read(file).split(TRANSFORMATION_START);
  const [head, ...rest] = program.read(file).split("const config = readConfig();");
  assert.equal(rest.length, 1);
  const transformation =
    `${TRANSFORMATION_START}({ type, props, opts }: any) => {\n` +
    `  const version = /^awsx:/.test(type) ? "${awsx}" : /^aws:|^pulumi:providers:aws$/.test(type) ? "${aws}" : opts.version;\n` +
    "  return { props, opts: { ...opts, version } };\n});\n";
  program.write(
    file,
    `${imports.length < head.length ? imports : head}${transformation}const config = readConfig();${rest[0]}`,
  );
}

const TRANSFORMATION_START = 'require("@pulumi/pulumi").runtime.registerStackTransformation(';

async function awsVersions(stack: StackUnderTest): Promise<Record<string, unknown>> {
  const { resources = [] } = await stack.state();
  const providers = resources.filter(({ type }) => type === "pulumi:providers:aws");
  return Object.fromEntries(providers.map(({ urn, inputs }) => [urn.split("::").pop(), inputs?.version]));
}

/** Names of functions and their aliases in both regions. */
function released(...names: readonly string[]): ResourceName[] {
  return [FUNCTION, ALIAS].flatMap((type) => inBothRegions(type, ...names));
}

function inBothRegions(type: string, ...names: readonly string[]): ResourceName[] {
  return REGIONS.flatMap((region) => names.map((name) => `${type} ${region}-${name}`));
}

async function regionsOf(stack: StackUnderTest): Promise<{ readonly api: string }[]> {
  const { regions } = (await stack.outputs()) as { regions: Record<string, { api: string }> };
  return REGIONS.map((region) => regions[region]);
}

async function jsonOf<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

/** Requests URLs again and again while a change runs, and returns its result and the different statuses of all responses. */
async function whileRequesting<T>(
  urls: readonly string[],
  change: () => Promise<T>,
): Promise<{ readonly result: T; readonly statuses: number[] }> {
  const statuses = new Set<number>();
  let isRunning = true;
  const request = async (url: string): Promise<void> => {
    while (isRunning) statuses.add((await fetch(url)).status);
  };
  const requesting = urls.map(request);
  const result = await change().finally(() => (isRunning = false));
  await Promise.all(requesting);
  return { result, statuses: [...statuses] };
}

/** Returns the ARN of a function, and the version of its alias. */
async function liveVersion(stack: StackUnderTest, name: string): Promise<[arn: string, version: string]> {
  const { resources = [] } = await stack.state();
  const outputs = (type: string): Readonly<Record<string, unknown>> =>
    resources.find(({ urn }) => urn.endsWith(`${type}::${name}`))?.outputs ?? {};
  return [String(outputs(FUNCTION).arn), String(outputs(ALIAS).functionVersion)];
}
