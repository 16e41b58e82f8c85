import assert from "node:assert/strict";
import { credibleSeen, MAXIMUM_SEEN_REGIONS, seenAfter } from "../../../functions/replication/attributes";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

describe("seenAfter", () => {
  it("returns nothing if nothing was stored", () => assert.deepEqual(seenAfter(undefined), {}));

  it("returns the read write and everything that its writer had seen", () => {
    const seen = { [SINGAPORE]: versionAt(-20, SINGAPORE), [IRELAND]: versionAt(-30) };
    const read = ticketItem({ version: versionAt(0), origin: IRELAND, seen });
    assert.deepEqual(seenAfter(read), { [SINGAPORE]: versionAt(-20, SINGAPORE), [IRELAND]: versionAt(0) });
  });

  for (const [what, read] of Object.entries({
    "no version": { id: "1", origin: IRELAND },
    "no origin": { id: "1", version: versionAt(0) },
    "an empty version": { id: "1", origin: IRELAND, version: "" },
    "a version that cannot be read": { id: "1", origin: IRELAND, version: "rubbish" },
  }))
    it(`returns nothing for an item that was written by hand with ${what}`, () =>
      assert.deepEqual(seenAfter(read), {}));

  it("keeps the newest regions up to the maximum, and always the read write", () => {
    const others = Array.from({ length: 500 }, (_, index) => `xx-other-${index % 100}`)
      .map((code, index) => code.replace("other", `other${"abcde"[Math.floor(index / 100)]}`))
      .map((code, index) => [code, versionAt(-1 - index, code)]);
    const seen = Object.fromEntries(others) as Record<string, string>;
    const read = ticketItem({ version: versionAt(0), origin: IRELAND, seen });
    const newest = Object.fromEntries(others.slice(0, MAXIMUM_SEEN_REGIONS - 1)) as Record<string, string>;
    assert.deepEqual(seenAfter(read), { ...newest, [IRELAND]: versionAt(0) });
    assert.deepEqual(seenAfter({ ...read, seen: seenAfter(read) }), seenAfter(read));
  });

  it("does not change the read item", () => {
    const read = ticketItem({ seen: {} });
    seenAfter(read);
    assert.deepEqual(read.seen, {});
  });
});

describe("credibleSeen", () => {
  const OWN = versionAt(0);
  const kept = { [SINGAPORE]: versionAt(-1, SINGAPORE), [IRELAND]: versionAt(-2) };

  it("keeps versions of their own region that are lower than the write's", () => {
    assert.deepEqual(credibleSeen(kept, OWN), kept);
    assert.deepEqual(credibleSeen(kept, undefined), kept);
  });

  it("keeps any number of regions", () => {
    const codes = Array.from({ length: 500 }, (_, index) => `xx-other-${index}`);
    const seen = Object.fromEntries(codes.map((code, index) => [code, versionAt(index - 1000, code)]));
    assert.deepEqual(credibleSeen(seen, OWN), seen);
  });

  for (const [what, seen] of Object.entries({
    "a text above all versions": { [SINGAPORE]: "zzz" },
    "an empty text": { [SINGAPORE]: "" },
    "no text": { [SINGAPORE]: undefined },
    "a version of another region": { [SINGAPORE]: versionAt(-1, IRELAND) },
    "a version newer than the write": { [SINGAPORE]: versionAt(1, SINGAPORE) },
    "the write's own version": { [IRELAND]: OWN },
    "a name that objects have": JSON.parse(`{"__proto__":"${versionAt(-1)}"}`) as Record<string, string>,
  }))
    it(`drops ${what}, which would hide a conflict`, () =>
      assert.deepEqual(credibleSeen({ ...seen }, OWN), {}));
});
