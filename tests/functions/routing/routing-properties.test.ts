import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseFailover } from "../../../local/aws/route53/record-choice";
import { answering, calculated, EndpointCheck } from "./route53-model";
import { Moment, Phase, RoutingWorld } from "./routing-world";

/** All checks have data and reflect the current state. */
const QUIET: Phase = { seconds: 60, primaryUp: true, secondaryUp: true, flooded: false };
/** Seconds after which every checker has sent another request. */
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
const noOperator = fc.constant(undefined);

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

describe("Model of Route 53", () => {
  it("selects the primary while it is healthy, else a healthy secondary, else the primary", () => {
    assert.deepEqual(
      [answering(true, true), answering(true, false), answering(false, true), answering(false, false)],
      ["primary", "primary", "secondary", "primary"],
    );
  });

  it("selects the same region as the local cloud", () => {
    for (const PRIMARY of [true, false])
      for (const SECONDARY of [true, false])
        assert.equal(chooseFailover({ PRIMARY, SECONDARY })?.toLowerCase(), answering(PRIMARY, SECONDARY));
  });

  it("changes a health check after three equal results in a row of more than 18 % of the checkers", () => {
    const check = new EndpointCheck(3);
    const verdicts: boolean[] = [];
    for (let second = 0; second < 120; second++) {
      check.tick(second, second < 30 || second >= 70);
      verdicts.push(check.healthy);
    }
    const down = verdicts.indexOf(false);
    const up = verdicts.indexOf(true, down);
    assert.ok(down >= 50 && down <= 60, `unhealthy after ${down - 30} s`);
    // Less than a fifth of the checkers suffices for a healthy result.
    assert.ok(up >= 90 && up <= 93, `healthy after ${up - 70} s`);
  });

  it("starts a check as healthy and an inverted one as unhealthy, and needs all children of an AND", () => {
    assert.deepEqual([new EndpointCheck(3).healthy, new EndpointCheck(1, true).healthy], [true, false]);
    assert.deepEqual([calculated([true, false], 2), calculated([true, true], 2)], [false, true]);
  });
});

describe("Routing under any sequence of events", function () {
  this.timeout(120_000);

  it("resolves to the secondary from takeover to failback, while the secondary is healthy and reachable", () => {
    holds(phase({ secondaryUp: always, flooded: never }), (moments) => {
      let takenFor = 0;
      for (const { takenOver, answer, second } of moments) {
        takenFor = takenOver ? takenFor + 1 : 0;
        if (takenFor > ONCE_MORE) assert.equal(answer, "secondary", `at ${second} s`);
      }
    });
  });

  it("moves clients at most once while the primary flaps without a failback", () => {
    const flapping = phase({
      seconds: fc.integer({ min: 5, max: 90 }),
      secondaryUp: always,
      flooded: never,
      operator: noOperator,
    });
    holds(flapping, (moments) => assert.ok(movesOf(moments) <= 1, `${movesOf(moments)} moves`));
  });

  it("moves clients with every outage if there is no sentinel", () => {
    const outage: Phase = { ...QUIET, primaryUp: false };
    const moments = new RoutingWorld(undefined).live([QUIET, outage, QUIET, outage, QUIET]);
    assert.equal(movesOf(moments.slice(QUIET.seconds)), 4);
    const watched = new RoutingWorld(3).live([QUIET, outage, QUIET, outage, QUIET]);
    assert.equal(movesOf(watched.slice(QUIET.seconds)), 1);
  });

  it("stays with a healthy primary during floods and failures of the secondary, unless an operator acts", () => {
    holds(phase({ primaryUp: always, operator: noOperator }), (moments) => {
      for (const { answer, takenOver } of moments) assert.deepEqual([answer, takenOver], ["primary", false]);
    });
  });

  it("resolves to the primary if no region is healthy", () => {
    holds(phase(), (moments) => {
      for (const { answer, primaryHealthy, secondaryHealthy } of moments)
        if (!primaryHealthy && !secondaryHealthy) assert.equal(answer, "primary");
    });
  });

  it("resolves to a healthy secondary after the primary was down for 30 s", () => {
    holds(phase({ secondaryUp: always, flooded: never }), (moments) => {
      let downFor = 0;
      for (const { primaryUp, answer, second } of moments) {
        downFor = primaryUp ? 0 : downFor + 1;
        if (downFor > 30) assert.equal(answer, "secondary", `at ${second} s`);
      }
    });
  });

  it("resolves to a healthy primary while a flood hides the takeover, and to the secondary afterwards", () => {
    const taken: Phase = { ...QUIET, operator: "takeover" };
    const moments = new RoutingWorld(0).live([QUIET, taken, { ...QUIET, flooded: true }, QUIET]);
    const answerAt = (second: number): string => moments[second].answer;
    assert.deepEqual([answerAt(119), answerAt(179), answerAt(239)], ["secondary", "primary", "secondary"]);
  });

  it("does not undo a forced failback until the primary was healthy once", () => {
    const down: Phase = { ...QUIET, primaryUp: false };
    const forced: Phase = { ...down, operator: "forced failback" };
    const moments = new RoutingWorld(0).live([QUIET, down, forced, QUIET, down]);
    assert.deepEqual(
      [119, 179, 239, 299].map((second) => moments[second].takenOver),
      [true, false, false, true],
    );
  });
});
