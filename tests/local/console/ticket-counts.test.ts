import assert from "node:assert/strict";
import { TicketCounts } from "../../../local/console/ticket-counts";

describe("TicketCounts", () => {
  let now: number;
  let counts: TicketCounts;

  beforeEach(() => {
    now = 0;
    counts = new TicketCounts(() => now);
  });

  /** Returns a count that takes time on the clock of the test. */
  const counting = (result: number | undefined, ms: number) => async (): Promise<number | undefined> => {
    now += ms;
    return result;
  };

  it("returns a current count of a small table each time", async () => {
    assert.equal(await counts.of("a", counting(1, 0)), 1);
    assert.equal(await counts.of("a", counting(2, 0)), 2);
    assert.equal(await counts.of("b", counting(undefined, 0)), undefined);
  });

  it("counts a large table again only after 20 times the duration of the last count", async () => {
    assert.equal(await counts.of("a", counting(1, 100)), 1);
    now += 1_999;
    assert.equal(await counts.of("a", counting(2, 0)), 1);
    now += 1;
    assert.equal(await counts.of("a", counting(3, 0)), 3);
  });

  it("returns the previous count while a count takes long", async () => {
    assert.equal(await counts.of("a", counting(1, 0)), 1);
    let finish: (count: number) => void = () => undefined;
    const long = (): Promise<number> => new Promise((resolve) => (finish = resolve));
    assert.equal(await counts.of("a", long), 1);
    assert.equal(await counts.of("a", () => assert.fail("A second count must not start.")), 1);
    finish(2);
    assert.equal(await counts.of("a", counting(3, 0)), 2);
  });
});
