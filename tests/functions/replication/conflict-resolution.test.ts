import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveConflict } from "../../../functions/replication/conflict-resolution";
import { ReplicatedWrite, replicatedWrite } from "../../../functions/replication/replicated-write";
import type { Image } from "../../../functions/shared/image";
import { toImage } from "../../../testing/attribute-values";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

/** A write that says something of its own unless it is told what to say. */
const wrote = (
  region: string,
  at: number,
  seen: Record<string, string> = {},
  subject = `${region} at ${at}`,
): ReplicatedWrite => {
  const item = ticketItem({ subject, version: versionAt(at, region), origin: region, seen });
  return replicatedWrite(toImage(item) as Image) as ReplicatedWrite;
};

describe("the judgement between two writes of an item", () => {
  for (const [what, incoming, stored, verdict] of [
    [
      "a newer write wins in order over one that its writer knew",
      wrote(IRELAND, 20, { [SINGAPORE]: versionAt(10, SINGAPORE) }),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: false },
    ],
    [
      "a newer write wins in order over one that was made before one that its writer knew",
      wrote(IRELAND, 20, { [SINGAPORE]: versionAt(11, SINGAPORE) }),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: false },
    ],
    [
      "a newer write wins in conflict over one that its writer did not know",
      wrote(IRELAND, 20, { [SINGAPORE]: versionAt(9, SINGAPORE) }),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: true },
    ],
    [
      "an older write loses in order to one whose writer knew it",
      wrote(IRELAND, 10),
      wrote(SINGAPORE, 20, { [IRELAND]: versionAt(10) }),
      { wins: false, isConflict: false },
    ],
    [
      "an older write loses in conflict to one whose writer did not know it",
      wrote(IRELAND, 10),
      wrote(SINGAPORE, 20),
      { wins: false, isConflict: true },
    ],
    [
      "the same write, come again, loses without a conflict",
      wrote(IRELAND, 10),
      wrote(IRELAND, 10),
      { wins: false, isConflict: false },
    ],
    [
      "a newer write of the same region wins in order, whatever its writer says to have known",
      wrote(IRELAND, 20),
      wrote(IRELAND, 10),
      { wins: true, isConflict: false },
    ],
    [
      "an older write of the same region loses in order",
      wrote(IRELAND, 10),
      wrote(IRELAND, 20),
      { wins: false, isConflict: false },
    ],
    [
      "a newer write that says the same wins without a conflict",
      wrote(IRELAND, 20, {}, "Sent twice"),
      wrote(SINGAPORE, 10, {}, "Sent twice"),
      { wins: true, isConflict: false },
    ],
    [
      "an older write that says the same loses without a conflict",
      wrote(IRELAND, 10, {}, "Sent twice"),
      wrote(SINGAPORE, 20, {}, "Sent twice"),
      { wins: false, isConflict: false },
    ],
    [
      "of two writes at the same time, the region decides",
      wrote(IRELAND, 10),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: true },
    ],
  ] as const)
    it(what, () => assert.deepEqual(resolveConflict(incoming, stored), verdict));

  it("is the same whichever of the two is stored, so both regions tell the same conflict", () => {
    const region = fc.constantFrom(IRELAND, SINGAPORE);
    const at = fc.integer({ min: 0, max: 4 });
    const subject = fc.constantFrom("Cold", "Warm");
    const stamp = fc
      .tuple(region, at, fc.option(at), subject)
      .map(([origin, time, known, said]) =>
        wrote(
          origin,
          time,
          known === null ? {} : { [other(origin)]: versionAt(Math.min(known, time), other(origin)) },
          said,
        ),
      );
    fc.assert(
      fc.property(stamp, stamp, (left, right) => {
        const [one, reverse] = [resolveConflict(left, right), resolveConflict(right, left)];
        assert.equal(one.isConflict, reverse.isConflict);
        assert.equal(one.wins && reverse.wins, false);
        assert.equal(one.wins || reverse.wins, left.version !== right.version);
      }),
    );
  });
});

function other(region: string): string {
  return region === IRELAND ? SINGAPORE : IRELAND;
}
