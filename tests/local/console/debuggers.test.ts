import assert from "node:assert/strict";
import { debuggerRoutes } from "../../../local/console/debugger-routes";
import { RouteError } from "../../../local/console/http/route";
import { InspectorClient } from "../../support/inspector-client";
import type { LambdaFixture } from "../aws/lambda/lambda-fixture";
import { startLambda } from "../aws/lambda/lambda-fixture";

const CODE = "exports.handler = async () => 1;";

/** Debugger of a function, as the route describes it. */
interface Described {
  readonly state: string;
  readonly port?: number;
  readonly webSocketDebuggerUrl?: string;
  readonly devtoolsFrontendUrl?: string;
  readonly isPaused?: boolean;
  readonly command?: string;
}

describe("Console debuggers", () => {
  let fixture: LambdaFixture;
  let isEnabled: boolean;
  beforeEach(async () => {
    isEnabled = true;
    fixture = await startLambda();
    for (const name of ["ireland-api-list-0a1b2c3", "ireland-api-get-1a1b2c3", "ireland-api-get-2a1b2c3"])
      await fixture.deploy(CODE, { name });
  });
  afterEach(() => fixture.remove());

  const route = (path: string): ReturnType<typeof debuggerRoutes>[number] =>
    debuggerRoutes({ lambda: fixture.lambda, regions: fixture.regions, isEnabled }).find(
      (one) => one.path === path,
    ) ?? assert.fail(`no route ${path}`);
  const asked = (name: string) => ({ path: { name }, query: new URLSearchParams() });
  const get = async (name: string): Promise<Described> =>
    (await route("/functions/{name}/debugger").get(asked(name))) as Described;
  const post = async (name: string, body: unknown): Promise<Described> =>
    (await route("/functions/{name}/debugger").post?.(asked(name), body)) as Described;

  it("lists the functions in order, with the state of their debuggers", async () => {
    const { port } = await post("ireland-api-list", { state: "open" });
    const { functions } = route("/functions").get(asked("")) as { functions: { debugger: Described }[] };
    assert.deepEqual(
      functions.map((one) => ({ ...one, debugger: [one.debugger.state, one.debugger.port] })),
      [
        {
          name: "ireland-api-get",
          functionName: "ireland-api-get-1a1b2c3",
          region: "ireland",
          debugger: ["closed", undefined],
        },
        {
          name: "ireland-api-get",
          functionName: "ireland-api-get-2a1b2c3",
          region: "ireland",
          debugger: ["closed", undefined],
        },
        {
          name: "ireland-api-list",
          functionName: "ireland-api-list-0a1b2c3",
          region: "ireland",
          debugger: ["open", port],
        },
      ],
    );
  });

  it("open with the addresses that clients need, and close", async () => {
    const opened = await post("ireland-api-list", { state: "open" });
    assert.equal(opened.state, "open");
    assert.equal(opened.isPaused, false);
    assert.equal(opened.command, `node inspect 127.0.0.1:${opened.port}`);
    assert.match(opened.devtoolsFrontendUrl ?? "", /^devtools:/);
    assert.deepEqual(await get("ireland-api-list-0a1b2c3"), opened);
    (await InspectorClient.debugging(opened.webSocketDebuggerUrl ?? "")).close();
    assert.deepEqual(await post("ireland-api-list", { state: "closed" }), { state: "closed" });
    assert.deepEqual(await get("ireland-api-list"), { state: "closed" });
    assert.deepEqual(await post("ireland-api-list", { state: "closed" }), { state: "closed" });
  });

  it("move to another port, and keep theirs without one", async () => {
    const first = await post("ireland-api-list", { state: "open" });
    assert.deepEqual(await post("ireland-api-list", { state: "open" }), first);
    const other = await post("ireland-api-get-1a1b2c3", { state: "open" });
    await post("ireland-api-get-1a1b2c3", { state: "closed" });
    const moved = await post("ireland-api-list", { state: "open", port: other.port });
    assert.equal(moved.port, other.port);
  });

  const refusals: Record<string, readonly [string, unknown, number, RegExp]> = {
    "an unknown function": [
      "absent",
      { state: "open" },
      404,
      /no function absent\. Functions: .*ireland-api-list/,
    ],
    "a name of several functions": [
      "ireland-api-get",
      { state: "open" },
      409,
      /ireland-api-get-1a1b2c3, ireland-api-get-2a1b2c3/,
    ],
    "another state": ["ireland-api-list", { state: "on" }, 400, /"state": "open"/],
    "no body": ["ireland-api-list", undefined, 400, /"state": "open"/],
    "a port that only the system may use": [
      "ireland-api-list",
      { state: "open", port: 80 },
      400,
      /1024 to 65535/,
    ],
    "a port that is not a number": [
      "ireland-api-list",
      { state: "open", port: "9229" },
      400,
      /1024 to 65535/,
    ],
  };
  for (const [what, [name, body, status, message]] of Object.entries(refusals))
    it(`reject ${what}`, async () => {
      await assert.rejects(post(name, body), (error) => {
        assert.ok(error instanceof RouteError);
        assert.equal(error.status, status);
        assert.match(error.message, message);
        return true;
      });
    });

  it("reject the port of another debugger", async () => {
    const { port } = await post("ireland-api-list", { state: "open" });
    await assert.rejects(post("ireland-api-get-1a1b2c3", { state: "open", port }), {
      status: 409,
      message: new RegExp(`Port ${port} is in use`),
    });
  });

  it("cannot be opened without --inspect, but are listed", async () => {
    isEnabled = false;
    await assert.rejects(post("ireland-api-list", { state: "open" }), {
      status: 409,
      message: "Debuggers are off. Restart the local cloud with: npm start -- --inspect",
    });
    assert.deepEqual(await get("ireland-api-list"), { state: "closed" });
  });
});
