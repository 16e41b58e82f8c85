import assert from "node:assert/strict";
import { Regions, RegionState } from "../../../local/aws/regions";

const IRELAND = "eu-west-1";
const SINGAPORE = "ap-southeast-1";

describe("Regions", () => {
  let regions: Regions;

  beforeEach(() => {
    regions = new Regions([
      { name: "ireland", code: IRELAND },
      { name: "singapore", code: SINGAPORE },
    ]);
  });

  it("are up at first, each with its own loopback address", () => {
    assert.deepEqual(
      regions.all().map(({ name, address, state }) => [name, address, state]),
      [
        ["ireland", "127.0.0.11", "up"],
        ["singapore", "127.0.0.12", "up"],
      ],
    );
  });

  it("are found by alias and by AWS code", () => {
    assert.equal(regions.byName("singapore").code, SINGAPORE);
    assert.equal(regions.byCode(IRELAND).name, "ireland");
  });

  it("are listed in the error for an unknown region", () => {
    const message =
      'There is no region "mars"; the regions are ireland (eu-west-1), singapore (ap-southeast-1).';
    assert.throws(() => regions.byName("mars"), { message });
    assert.throws(() => regions.byCode("mars"), { message });
    assert.throws(() => regions.setState("mars", "down"), { message });
  });

  it("emit each change once, after the state is set, and nothing for the same state", () => {
    const seen: string[] = [];
    regions.on("change", ({ name, state }) => seen.push(`${name} ${state} ${regions.byName(name).state}`));
    regions.setState("ireland", "down");
    regions.setState("ireland", "down");
    regions.setState("ireland", "up");
    assert.deepEqual(seen, ["ireland down down", "ireland up up"]);
  });

  const cases: readonly [ireland: RegionState, fromClient: boolean, within: boolean, across: boolean][] = [
    ["up", true, true, true],
    ["isolated", true, true, false],
    ["unreachable", true, true, true],
    ["down", false, false, false],
    ["api-down", true, true, true],
    ["silent", true, true, true],
    ["throttled", true, true, true],
    ["writes-fail", true, true, true],
    ["dead-address", true, true, true],
    ["writes-unanswered", true, true, true],
    ["api-writes-unanswered", true, true, true],
    ["slow", true, true, true],
  ];
  for (const [state, fromClient, within, across] of cases)
    it(`are reachable by the right callers while Ireland is ${state}`, () => {
      regions.setState("ireland", state);
      assert.equal(regions.reaches(undefined, IRELAND), fromClient, "a client");
      assert.equal(regions.reaches(IRELAND, IRELAND), within, "Ireland itself");
      assert.equal(regions.reaches(SINGAPORE, IRELAND), across, "Singapore");
      assert.equal(regions.reaches(IRELAND, SINGAPORE), across, "the other way");
      assert.equal(regions.reaches(undefined, SINGAPORE), true, "the other region's clients");
      assert.equal(regions.reaches(SINGAPORE, SINGAPORE), true, "the other region itself");
    });

  it("answer no call between an unreachable region and the other one", () => {
    assert.equal(regions.answers(IRELAND, SINGAPORE), true);
    regions.setState("singapore", "unreachable");
    assert.equal(regions.answers(IRELAND, SINGAPORE), false);
    assert.equal(regions.answers(SINGAPORE, IRELAND), false);
    assert.equal(regions.answers(SINGAPORE, SINGAPORE), true);
    assert.equal(regions.answers(IRELAND, "us-east-1"), true);
  });

  it("do not block calls to a global service", () => {
    regions.setState("ireland", "isolated");
    assert.equal(regions.reaches(IRELAND, "us-east-1"), true);
  });
});
