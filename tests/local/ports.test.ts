import assert from "node:assert/strict";
import { createServer } from "node:http";
import { closeServer, listen, PortInUseError } from "../../local/aws/listen";
import { readEngineCommandLine } from "../../local/engine-command/options";
import { readCommandLine } from "../../local/options";
import { explainPortInUse, Ports, portsFrom } from "../../local/ports";

const CODES = ["eu-west-1", "ap-southeast-1"];

describe("portsFrom", () => {
  it("counts the ports from the console's, with ten for each region in the order of the configuration", () => {
    assert.deepEqual(portsFrom(4700, CODES), {
      console: 4700,
      dns: 4701,
      https: 4702,
      endpoint: 4703,
      http: 4704,
      api: { "eu-west-1": 4710, "ap-southeast-1": 4720 },
      website: { "eu-west-1": 4711, "ap-southeast-1": 4721 },
      dynamodb: { "eu-west-1": 4712, "ap-southeast-1": 4722 },
      fauxqs: { "eu-west-1": 4713, "ap-southeast-1": 4723 },
    });
  });

  it("returns distinct valid ports for the highest console port", () => {
    const all = everyPort(portsFrom(65_000, CODES));
    assert.equal(new Set(all).size, all.length);
    assert.ok(Math.max(...all) < 65_536);
  });

  it("returns only 0 for 0", () => {
    assert.deepEqual(new Set(everyPort(portsFrom(0, CODES))), new Set([0]));
  });
});

describe("explainPortInUse", () => {
  for (const [command, optionsFor] of Object.entries({
    "npm start --": (args: string[]) => readCommandLine(args),
    "npm run local:pulumi -- up": (args: string[]) => readEngineCommandLine(["up", ...args])!.cloud,
  }))
    it(`suggests ${command} with another port to the user of that command`, async () => {
      const server = createServer((_, response) => {
        response.end(JSON.stringify({ stack: "ireland", console: "http://localhost", regions: {} }));
      });
      const port = await listen(server, { port: 0, purpose: "a fake console" });
      try {
        const inUse = await listen(createServer(), { port, purpose: "the console" }).catch(
          (error: PortInUseError) => error,
        );
        assert.ok(inUse instanceof PortInUseError);
        const { message } = await explainPortInUse(inUse, optionsFor(["--port", String(port)]));
        assert.match(message, new RegExp(`on other ports: ${command} --port \\d+ \\(--port 0 takes`));
      } finally {
        await closeServer(server);
      }
    });
});

function everyPort({ api, website, dynamodb, fauxqs, ...single }: Ports): number[] {
  return [single, api, website, dynamodb, fauxqs].flatMap((ports) => Object.values(ports));
}
