import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Invocation } from "../../../../local/aws/lambda/lambda";
import type { ExistingResource } from "../../../../local/aws/resource";
import { waitFor } from "../../../support/wait-for";
import { createResource, deleteResource, updateResource } from "../../support/create-resource";
import { errorOf, isAlive, type LambdaFixture, startLambda } from "./lambda-fixture";

const WORKING = "exports.handler = async () => process.pid;";
const BROKEN = `function factory() { throw new TypeError("no table"); }
exports.handler = factory();`;

describe("The start of a local Lambda function", () => {
  let fixture: LambdaFixture;
  let mustStart: boolean;
  let starts: (string | undefined)[];

  beforeEach(async () => {
    [mustStart, starts] = [false, []];
    fixture = await startLambda(undefined, {
      mustStart: () => mustStart,
      onStart: ({ name, region }, error) => starts.push(`${name} ${region} ${error?.errorMessage}`),
    });
  });
  afterEach(() => fixture.remove());

  const invoke = (made: ExistingResource): Promise<Invocation> =>
    fixture.lambda.invoke(made.outputs.arn as string, {});

  async function deployWithAlias(
    code: string,
  ): Promise<{ readonly made: ExistingResource; readonly alias: ExistingResource }> {
    const made = await fixture.deploy(code, { name: "get", publish: true });
    const alias = await createResource(fixture.lambda, "aws:lambda/alias:Alias", {
      ...{ name: "live", functionName: "get", functionVersion: "1" },
    });
    return { made, alias };
  }

  it("is reported with its error for each process, and without one after a change or the deletion", async () => {
    const made = await fixture.deploy(BROKEN, { name: "get" });
    const other = await fixture.deploy("process.exit(4);", { name: "list" });
    await invoke(made);
    await invoke(other);
    await fixture.change(made, { code: WORKING });
    await invoke(made);
    await deleteResource(fixture.lambda, other);
    assert.deepEqual(starts, [
      "get eu-west-1 no table",
      "list eu-west-1 Runtime exited with error: exit status 4",
      "get eu-west-1 undefined",
      "get eu-west-1 undefined",
      "list eu-west-1 undefined",
    ]);
  });

  it("is reported for the version of the alias only, and without an error once the alias has moved", async () => {
    const { made, alias } = await deployWithAlias(BROKEN);
    starts = [];
    await fixture.lambda.invoke(alias.id, {});
    const changed = await fixture.change(made, { code: WORKING });
    await fixture.lambda.invoke(alias.id, {});
    await updateResource(fixture.lambda, alias, { ...alias.inputs, functionVersion: "2" });
    await fixture.change(changed, { code: BROKEN });
    await invoke(changed);
    assert.deepEqual(starts, ["get eu-west-1 no table", "get eu-west-1 no table", "get eu-west-1 undefined"]);
  });

  it("is not reported for an error of an invocation", async () => {
    const made = await fixture.deploy(`exports.handler = async () => { throw new Error("no ticket"); };`, {
      name: "get",
    });
    assert.equal(errorOf(await invoke(made)).errorMessage, "no ticket");
    assert.deepEqual(starts, ["get eu-west-1 undefined"]);
  });

  describe("if a function must start", () => {
    beforeEach(() => (mustStart = true));

    it("refuses a change that does not, with its stack trace, and keeps the last version", async () => {
      const made = await fixture.deploy(WORKING, { environment: { variables: { TABLE: "tickets" } } });
      const before = await invoke(made);
      starts = [];
      await assert.rejects(fixture.change(made, { code: BROKEN }), (error: Error) => {
        assert.match(error.message, /The function does not start\. TypeError: no table\n {4}at factory \(/);
        assert.doesNotMatch(error.message, /node:internal|bootstrap\.js/);
        return true;
      });
      const code = `if (!process.env.TABLE) process.exit(3);${WORKING}`;
      await assert.rejects(
        fixture.change(made, { code, environment: undefined }),
        /does not start\. Runtime\.ExitError: Runtime exited with error: exit status 3$/,
      );
      assert.deepEqual(await invoke(made), before);
      assert.deepEqual(starts, []);
      await waitFor(async () => (await readdir(join(fixture.directory, "eu-west-1"))).length === 1, {
        what: "the removal of the refused code",
      });
    });

    it("refuses a new function that does not, and lets its name be used again", async () => {
      await assert.rejects(fixture.deploy(BROKEN, { name: "get" }), /does not start\. TypeError: no table/);
      const made = await fixture.deploy(WORKING, { name: "get" });
      assert.ok("payload" in (await invoke(made)));
    });

    it("keeps the process of a changed function for its next invocation only if the last version had one", async () => {
      const code = `console.log("pid " + process.pid);${WORKING}`;
      const pids = (): number[] =>
        fixture.logged.flatMap((line) => Number(/: pid (\d+)$/.exec(line)?.[1]) || []);
      const made = await fixture.deploy(code);
      await waitFor(() => pids().length === 1 && !isAlive(pids()[0]), { what: "the end of the process" });
      await invoke(made);
      await fixture.change(made, { code: `${code}//changed` });
      const { length } = pids();
      assert.equal(length, 3);
      assert.deepEqual(await invoke(made), { payload: pids()[2] });
    });

    it("keeps the process of a published version for the first invocation after the move of its alias", async () => {
      const code = `console.log("pid " + process.pid);${WORKING}`;
      const pids = (): number[] =>
        fixture.logged.flatMap((line) => Number(/: pid (\d+)$/.exec(line)?.[1]) || []);
      const { made, alias } = await deployWithAlias(code);
      await fixture.lambda.invoke(alias.id, {});
      const { length } = pids();
      await fixture.change(made, { code: `${code}//changed` });
      await updateResource(fixture.lambda, alias, { ...alias.inputs, functionVersion: "2" });
      assert.deepEqual(await fixture.lambda.invoke(alias.id, {}), { payload: pids()[length] });
      assert.equal(pids().length, length + 1);
    });

    it("refuses other code and settings together, and publishes no version of them", async () => {
      const { made, alias } = await deployWithAlias(WORKING);
      await assert.rejects(
        fixture.change(made, { code: BROKEN, environment: { variables: { TABLE: "tickets" } } }),
        /does not start\. TypeError: no table/,
      );
      await assert.rejects(
        updateResource(fixture.lambda, alias, { ...alias.inputs, functionVersion: "2" }),
        /Function not found: .*:get:2$/,
      );
      assert.ok("payload" in (await invoke(made)));
    });

    it("starts many functions a few at a time", async () => {
      const code = `const at = Date.now(); while (Date.now() < at + 100);
        console.log("started " + at); ${WORKING}`;
      await Promise.all(Array.from({ length: 5 }, () => fixture.deploy(code)));
      await waitFor(() => fixture.logged.length === 5, { what: "all starts" });
      const begins = fixture.logged.map((line) => Number(/started (\d+)/.exec(line)?.[1])).sort();
      assert.ok(begins[2] - begins[0] >= 100 && begins[4] - begins[2] >= 100, begins.join(" "));
    });
  });
});
