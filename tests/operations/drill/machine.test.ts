import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { MachineWatch, machineFigures, machineText, overloadIn } from "../../../operations/drill/machine";
import { waitFor } from "../../support/wait-for";
import { at, machine } from "./support/drill-fixtures";

describe("Machine figures of a drill", () => {
  it("reports overload when the event loop or the probe is late, or the processors are saturated for half of the period", () => {
    const period = { from: at(0), to: at(10) };
    assert.equal(overloadIn(machine(0, 10), period), undefined);
    assert.equal(overloadIn([], period), undefined);
    const late = machine(3, 4, { loopDelayMs: 250 });
    assert.match(overloadIn([...machine(0, 3), ...late], period) ?? "", /event loop was delayed by 250 ms$/);
    const slow = machine(3, 4, { probeMs: 500 });
    assert.match(overloadIn([...machine(0, 3), ...slow], period) ?? "", /stored value took 500 ms$/);
    const busy = machine(3, 6, { cpuPercent: 95 });
    assert.match(overloadIn([...machine(0, 3), ...busy], period) ?? "", /95 % busy or more for 3 of 6 s$/);
    assert.equal(overloadIn([...machine(0, 3), ...busy.slice(1)], period), undefined);
  });

  it("summarizes the whole drill, without probe figures when there is no probe", () => {
    const samples = [...machine(0, 9), ...machine(9, 10, { loopDelayMs: 300, cpuPercent: 100, probeMs: 40 })];
    const { processors, ...figures } = machineFigures(samples);
    assert.ok(processors > 0);
    assert.deepEqual(figures, {
      seconds: 10,
      overloadedSeconds: 1,
      loopDelayMs: { p99: 300, most: 300 },
      cpuPercent: { p50: 20, most: 100 },
      probeMs: { p99: 40, most: 40 },
    });
    const without = machineFigures(machine(0, 2, { probeMs: undefined }));
    assert.equal("probeMs" in without, false);
    assert.doesNotMatch(machineText(without), /probe/);
    assert.equal(machineFigures([]).overloadedSeconds, 0);
  });

  it("measures a blocked event loop, a slow probe and the processors every second", async () => {
    const watch = new MachineWatch(() => delay(30));
    watch.start();
    try {
      // The histogram sees a delay only between two of its own timers.
      await delay(50);
      const end = performance.now() + 400;
      while (performance.now() < end);
      await waitFor(() => watch.samples.some(({ probeMs }) => probeMs !== undefined), { what: "a probe" });
    } finally {
      watch.stop();
    }
    const [{ loopDelayMs, cpuPercent, ownCpuPercent, probeMs }] = watch.samples;
    assert.ok(loopDelayMs >= 300, `${loopDelayMs} ms`);
    assert.ok((probeMs ?? 0) >= 25, `${probeMs} ms`);
    assert.ok(cpuPercent >= 0 && cpuPercent <= 100 && ownCpuPercent > 0);
  });
});
