import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseFailover } from "../../../local/aws/route53/record-choice";
import { answering, calculated, EndpointCheck } from "./route53-model";
import { Moment, Phase, RoutingWorld } from "./routing-world";

/** All checks have data, and are as things are. */
const QUIET: Phase = { seconds: 60, primaryUp: true, secondaryUp: true, flooded: false };
/** After this many seconds every checker has asked once more. */
const ONCE_MORE = 11;

const phase = (fixed: Partial<Record<keyof Phase, fc.Arbitrary<unknown>>> = {}): fc.Arbitrary<Phase> =>
  fc.record({
    seconds: fc.integer({ min: 1, max: 120 }),
    primaryUp: fc.boolean(),
    secondaryUp: fc.boolean(),
    flooded: fc.boolean(),
    operator: fc.constantFrom(undefined, "takeover", "failback", "forced failback"),
    ...fixed,
  }) as fc.Arbitrary<Phase>;
const sentinelPhase = fc.integer({ min: 0, max: 9 });
const always = fc.constant(true);
const never = fc.constant(false);
const nobody = fc.constant(undefined);

function holds(
  phases: fc.Arbitrary<Phase>,
  check: (moments: readonly Moment[]) => void,
  sentinel: fc.Arbitrary<number | undefined> = sentinelPhase,
): void {
  fc.assert(
    fc.property(fc.array(phases, { minLength: 1, maxLength: 12 }), sentinel, (world, at) => {
      check(new RoutingWorld(at).live([QUIET, ...world]).slice(QUIET.seconds));
    }),
    { numRuns: 150 },
  );
}

function movesOf(moments: readonly Moment[]): number {
  return moments.filter(({ answer }, index) => index > 0 && answer !== moments[index - 1].answer).length;
}

describe("Route 53's rules as the model has them", () => {
  it("choose the primary while it is healthy, else a healthy secondary, and with none the primary", () => {
    assert.deepEqual(
      [answering(true, true), answering(true, false), answering(false, true), answering(false, false)],
      ["primary", "primary", "secondary", "primary"],
    );
  });

  it("are those of the local cloud", () => {
    for (const PRIMARY of [true, false])
      for (const SECONDARY of [true, false])
        assert.equal(chooseFailover({ PRIMARY, SECONDARY })?.toLowerCase(), answering(PRIMARY, SECONDARY));
  });

  it("turn a check after three results of a checker in a row, by more than 18 % of the checkers", () => {
    const check = new EndpointCheck(3);
    const verdicts: boolean[] = [];
    for (let second = 0; second < 120; second++) {
      check.tick(second, second < 30 || second >= 70);
      verdicts.push(check.healthy);
    }
    const down = verdicts.indexOf(false);
    const up = verdicts.indexOf(true, down);
    assert.ok(down >= 50 && down <= 60, `unhealthy after ${down - 30} s`);
    // Less than a fifth of the checkers are enough for healthy.
    assert.ok(up >= 90 && up <= 93, `healthy after ${up - 70} s`);
  });

  it("have a new check healthy, a new inverted one unhealthy, and need all children of an AND", () => {
    assert.deepEqual([new EndpointCheck(3).healthy, new EndpointCheck(1, true).healthy], [true, false]);
    assert.deepEqual([calculated([true, false], 2), calculated([true, true], 2)], [false, true]);
  });
});

describe("Routing, whatever happens", function () {
  this.timeout(120_000);

  it("answers the secondary from the takeover on until the failback, while the secondary is well and can be asked", () => {
    holds(phase({ secondaryUp: always, flooded: never }), (moments) => {
      let takenFor = 0;
      for (const { takenOver, answer, second } of moments) {
        takenFor = takenOver ? takenFor + 1 : 0;
        if (takenFor > ONCE_MORE) assert.equal(answer, "secondary", `at ${second} s`);
      }
    });
  });

  it("moves clients at most once while the primary flaps and nobody fails back", () => {
    const flapping = phase({
      seconds: fc.integer({ min: 5, max: 90 }),
      secondaryUp: always,
      flooded: never,
      operator: nobody,
    });
    holds(flapping, (moments) => assert.ok(movesOf(moments) <= 1, `${movesOf(moments)} moves`));
  });

  it("without a sentinel moves them with every outage: that is what the sentinel is for", () => {
    const outage: Phase = { ...QUIET, primaryUp: false };
    const moments = new RoutingWorld(undefined).live([QUIET, outage, QUIET, outage, QUIET]);
    assert.equal(movesOf(moments.slice(QUIET.seconds)), 4);
    const watched = new RoutingWorld(3).live([QUIET, outage, QUIET, outage, QUIET]);
    assert.equal(movesOf(watched.slice(QUIET.seconds)), 1);
  });

  it("never leaves a primary that is well because of floods, failures of the secondary, or anything but an operator", () => {
    holds(phase({ primaryUp: always, operator: nobody }), (moments) => {
      for (const { answer, takenOver } of moments) assert.deepEqual([answer, takenOver], ["primary", false]);
    });
  });

  it("answers the primary when neither region is healthy", () => {
    holds(phase(), (moments) => {
      for (const { answer, primaryHealthy, secondaryHealthy } of moments)
        if (!primaryHealthy && !secondaryHealthy) assert.equal(answer, "primary");
    });
  });

  it("answers the secondary once an outage of the primary has lasted 30 s, if the secondary is well", () => {
    holds(phase({ secondaryUp: always, flooded: never }), (moments) => {
      let downFor = 0;
      for (const { primaryUp, answer, second } of moments) {
        downFor = primaryUp ? 0 : downFor + 1;
        if (downFor > 30) assert.equal(answer, "secondary", `at ${second} s`);
      }
    });
  });

  it("goes back to a healthy primary when a flood hides the takeover, and again to the secondary after it", () => {
    const taken: Phase = { ...QUIET, operator: "takeover" };
    const moments = new RoutingWorld(0).live([QUIET, taken, { ...QUIET, flooded: true }, QUIET]);
    const answerAt = (second: number): string => moments[second].answer;
    assert.deepEqual([answerAt(119), answerAt(179), answerAt(239)], ["secondary", "primary", "secondary"]);
  });

  it("leaves a forced failback alone until the primary was well once", () => {
    const down: Phase = { ...QUIET, primaryUp: false };
    const forced: Phase = { ...down, operator: "forced failback" };
    const moments = new RoutingWorld(0).live([QUIET, down, forced, QUIET, down]);
    assert.deepEqual(
      [119, 179, 239, 299].map((second) => moments[second].takenOver),
      [true, false, false, true],
    );
  });
});
