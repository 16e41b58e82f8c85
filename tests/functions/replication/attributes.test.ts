import assert from "node:assert/strict";
import { seenAfter } from "../../../functions/replication/attributes";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../support/tickets";

describe("what a writer has seen", () => {
  it("is nothing when nothing was stored", () => assert.deepEqual(seenAfter(undefined), {}));

  it("is the write that was read and all that its writer had seen", () => {
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
    it(`is nothing of an item that was written by hand with ${what}`, () =>
      assert.deepEqual(seenAfter(read), {}));

  it("leaves what was read as it is", () => {
    const read = ticketItem({ seen: {} });
    seenAfter(read);
    assert.deepEqual(read.seen, {});
  });
});
