import assert from "node:assert/strict";
import type { Route } from "playwright-core";
import type { WebUiDriver } from "./web-ui-driver";
import { waitFor } from "../support/wait-for";
import type { SharedTests } from "./browser-environment";

/** Least pause between two reads of the routing states. A faster change follows from the visibility event. */
const POLLING_INTERVAL_MS = 12_000;
/** Time after which the routing states are read again, in milliseconds. */
const REPORT_MS = 3_000;

/** Failover: Ireland fails or stops responding while the web UI is used. */
export const failover: SharedTests = (environment) => {
  it("continues in Singapore when Ireland stops during typing, without layout shifts, and returns", async () => {
    const { cloud } = environment();
    const ui = await environment().open();
    await ui.servedBy("Ireland");
    const shiftsBefore = await ui.layoutShifts();
    await ui.createForm.getByLabel("Description").fill("Typed before the outage");
    await cloud.setRegion("ireland", "down");
    const stopped = Date.now();
    await ui.createForm.getByLabel("Subject").pressSequentially("Typed during the outage");
    await ui.servedBy("Singapore");
    print("time until an idle web UI shows the other region", Date.now() - stopped);
    await ui.notice("Ireland does not respond. Singapore serves now.");

    print("time to save after the failover", await timeToSave(ui, "Typed during the outage"));
    await ui.card("Typed during the outage").getByText("Typed before the outage").waitFor();
    await cloud.setRegion("ireland", "up");
    // If Singapore has taken over in the meantime, the web UI stays there until the failback.
    await environment().routing.returnToIreland();
    await ui.triggerVisibilityChange();
    await ui.servedBy("Ireland");
    assert.equal(
      (await environment().waitForEqualLists("Typed during the outage")).filter(
        (subject) => subject === "Typed during the outage",
      ).length,
      1,
    );
    assert.equal(await ui.layoutShifts(), shiftsBefore);
  });

  it("saves in Singapore while Ireland does not respond, before Ireland counts as down", async () => {
    const ui = await environment().open();
    const { api } = environment().cloud.addresses.regions.ireland;
    // Neither a response nor an error.
    await ui.page.route(`${api}/**`, () => undefined);
    await ui.createForm.getByLabel("Subject").fill("Saved without Ireland");
    const events: string[] = [];
    ui.page.on("request", (request) => {
      if (request.method() === "POST" && !request.url().startsWith(api)) events.push("request to Singapore");
    });
    ui.page.on("requestfailed", (request) => {
      if (request.method() === "POST" && request.url().startsWith(api))
        events.push("request to Ireland failed");
    });
    print("time to save while the region does not respond", await timeToSave(ui, "Saved without Ireland"));
    assert.equal(events[0], "request to Singapore", events.join(", "));
    await ui.servedBy("Singapore");
  });

  it("does not duplicate a write that Ireland applied but did not acknowledge", async () => {
    const { cloud, ireland } = environment();
    const ui = await environment().open();
    await ui.servedBy("Ireland");
    const { api } = cloud.addresses.regions.ireland;
    let lost = 0;
    await ui.page.route(`${api}/**`, async (route: Route) => {
      if (route.request().method() !== "POST") return route.fallback();
      // Ireland applies the write and stops before it responds.
      assert.equal((await route.fetch()).status(), 201);
      lost++;
      await cloud.setRegion("ireland", "down");
      await route.abort("connectionreset");
    });
    await ui.create("Written once");
    await ui.notice("Created “Written once”.");
    assert.equal(lost, 1);
    await ui.servedBy("Singapore");

    await cloud.setRegion("ireland", "up");
    assert.equal(
      (await environment().waitForEqualLists("Written once")).filter((subject) => subject === "Written once")
        .length,
      1,
    );
    assert.equal((await ui.subjects()).filter((subject) => subject === "Written once").length, 1);
    const ticket = (await ireland.list()).find(({ subject }) => subject === "Written once");
    assert.deepEqual(await ireland.conflicts(ticket?.id ?? ""), []);
  });

  it("follows a takeover of a healthy region and the failback while its connections stay open", async () => {
    const { routing } = environment();
    const ui = await environment().open();
    await ui.servedBy("Ireland");
    await ui.page.getByText("Singapore is on standby.").waitFor();
    for (const [changeRouting, region, other] of [
      [() => routing.takeOver(), "Singapore", "Ireland"],
      [() => routing.returnToIreland(), "Ireland", "Singapore"],
    ] as const) {
      await changeRouting();
      const changedAt = Date.now();
      // On a busy machine a region can take longer to report its routing state than the web UI waits.
      await waitFor(
        async () => {
          await ui.triggerVisibilityChange();
          await ui.servedBy(region, REPORT_MS);
          return true;
        },
        { what: `the web UI to use ${region}` },
      );
      const took = Date.now() - changedAt;
      await ui.page.getByText(`${other} is on standby.`).waitFor();
      print(`time until the web UI uses ${region}`, took);
      assert.ok(took < POLLING_INTERVAL_MS, `${took} ms`);
    }
  });

  it("does not show standby for a region that does not respond", async () => {
    await environment().cloud.setRegion("ireland", "down");
    const ui = await environment().open();
    await ui.servedBy("Singapore");
    await ui.page.getByText("Ireland does not respond.").waitFor();
  });
};

function print(what: string, milliseconds: number): void {
  console.log(`        ${what}: ${Math.round(milliseconds)} ms`);
}

/** Submits the form for new tickets. Returns the milliseconds from the click until the ticket is acknowledged, as measured in the browser. */
async function timeToSave({ page, createForm }: WebUiDriver, subject: string): Promise<number> {
  await page.evaluate(`
    window.savedAfter = new Promise((resolve) => addEventListener("submit", () => {
      const begin = performance.now();
      const look = () => {
        const saved = [...document.querySelectorAll(".card[aria-busy=false] h3")];
        if (!saved.some((h3) => h3.textContent === ${JSON.stringify(subject)})) return requestAnimationFrame(look);
        resolve(performance.now() - begin);
      };
      look();
    }, { once: true }));
    undefined`);
  await createForm.getByRole("button", { name: "Create ticket" }).click();
  return page.evaluate<number>("window.savedAfter");
}
