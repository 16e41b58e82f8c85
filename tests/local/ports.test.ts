import assert from "node:assert/strict";
import { Ports, portsFrom } from "../../local/ports";

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

function everyPort({ api, website, dynamodb, fauxqs, ...single }: Ports): number[] {
  return [single, api, website, dynamodb, fauxqs].flatMap((ports) => Object.values(ports));
}
