import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveConflict } from "../../../functions/replication/conflict-resolution";
import { ReplicatedWrite, replicatedWrite } from "../../../functions/replication/replicated-write";
import type { Image } from "../../../functions/shared/image";
import { toImage } from "../../../testing/attribute-values";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

/** Returns a write with a unique subject, unless a subject is given. */
const wrote = (
  region: string,
  at: number,
  seen: Record<string, string> = {},
  subject = `${region} at ${at}`,
): ReplicatedWrite => {
  const item = ticketItem({ subject, version: versionAt(at, region), origin: region, seen });
  return replicatedWrite(toImage(item) as Image) as ReplicatedWrite;
};

describe("resolveConflict", () => {
  for (const [what, incoming, stored, verdict] of [
    [
      "lets a newer write win over one that its writer knew",
      wrote(IRELAND, 20, { [SINGAPORE]: versionAt(10, SINGAPORE) }),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: false },
    ],
    [
      "lets a newer write win over one from before a write that its writer knew",
      wrote(IRELAND, 20, { [SINGAPORE]: versionAt(11, SINGAPORE) }),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: false },
    ],
    [
      "reports a conflict if a newer write wins over one that its writer did not know",
      wrote(IRELAND, 20, { [SINGAPORE]: versionAt(9, SINGAPORE) }),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: true },
    ],
    [
      "lets an older write lose to one whose writer knew it",
      wrote(IRELAND, 10),
      wrote(SINGAPORE, 20, { [IRELAND]: versionAt(10) }),
      { wins: false, isConflict: false },
    ],
    [
      "reports a conflict if an older write loses to one whose writer did not know it",
      wrote(IRELAND, 10),
      wrote(SINGAPORE, 20),
      { wins: false, isConflict: true },
    ],
    [
      "lets the same write, delivered again, lose without a conflict",
      wrote(IRELAND, 10),
      wrote(IRELAND, 10),
      { wins: false, isConflict: false },
    ],
    [
      "lets a newer write of the same region win, regardless of its seen attribute",
      wrote(IRELAND, 20),
      wrote(IRELAND, 10),
      { wins: true, isConflict: false },
    ],
    [
      "lets an older write of the same region lose",
      wrote(IRELAND, 10),
      wrote(IRELAND, 20),
      { wins: false, isConflict: false },
    ],
    [
      "lets a newer write with equal content win without a conflict",
      wrote(IRELAND, 20, {}, "Sent twice"),
      wrote(SINGAPORE, 10, {}, "Sent twice"),
      { wins: true, isConflict: false },
    ],
    [
      "lets an older write with equal content lose without a conflict",
      wrote(IRELAND, 10, {}, "Sent twice"),
      wrote(SINGAPORE, 20, {}, "Sent twice"),
      { wins: false, isConflict: false },
    ],
    [
      "compares the regions of two writes with the same time",
      wrote(IRELAND, 10),
      wrote(SINGAPORE, 10),
      { wins: true, isConflict: true },
    ],
  ] as const)
    it(what, () => assert.deepEqual(resolveConflict(incoming, stored), verdict));

  it("returns the same conflict whichever of the two writes is stored", () => {
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
