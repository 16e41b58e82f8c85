import assert from "node:assert/strict";
import { RegionalClient } from "../../ui/src/data/regional-client";
import { standingText } from "../../ui/src/serving-text";
import { FakeClock } from "./fake-clock";
import { FakeRegions, ireland, singapore } from "./fake-regions";

const LIST = { method: "GET", path: "/tickets?limit=1" } as const;

describe("What the page says of the region that does not serve", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    client = new RegionalClient({
      ...{ apis: [ireland, singapore], preferred: singapore.code, clock },
      fetch: regions.fetch,
    });
  });

  const text = (): string => standingText(client.state.value, [ireland, singapore]);

  it("is that it stands by once it has answered, and not before", async () => {
    await client.send(LIST);
    assert.equal(text(), "Asking whether Ireland stands by.");
    await client.checkOthers();
    assert.equal(text(), "Ireland stands by.");
    assert.deepEqual(regions.takeAsked(), ["GET singapore /tickets", "GET ireland /tickets"]);
  });

  for (const behaviour of ["cut", "silent", 503] as const)
    it(`is that it does not answer: ${behaviour}`, async () => {
      await client.checkOthers();
      regions.set(ireland, behaviour);
      await clock.until(client.checkOthers());
      assert.equal(text(), "Ireland does not answer.");
      regions.set(ireland, "up");
      await client.checkOthers();
      assert.equal(text(), "Ireland stands by.");
    });

  it("is that it stands by also when its first answer takes as long as a cold start", async () => {
    regions.set(ireland, "late");
    await clock.until(client.checkOthers());
    assert.equal(text(), "Ireland stands by.");
  });

  it("follows what the page's own requests show", async () => {
    regions.set(singapore, "cut");
    await client.send(LIST);
    assert.equal(text(), "Singapore does not answer. This region serves until it is back.");
    assert.deepEqual(client.state.value.answered, { "eu-west-1": true, "ap-southeast-1": false });
    regions.set(ireland, "cut");
    await assert.rejects(client.send(LIST));
    assert.deepEqual(client.state.value.answered, { "eu-west-1": false, "ap-southeast-1": false });
    regions.set(singapore, "up");
    await client.send(LIST);
    await client.checkPreferred();
    assert.equal(text(), "Ireland does not answer.");
  });
});
