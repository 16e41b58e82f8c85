import assert from "node:assert/strict";
import type { Route } from "playwright-core";
import type { WebUiDriver } from "./web-ui-driver";
import type { SharedTests } from "./browser-environment";

/** The page asks the failover name by itself every 30 s: sooner than that it has followed because it was looked at. */
const BY_ITSELF_MS = 30_000;

/** Ireland fails, or falls silent, while the page is used. */
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
    print("an idle page follows a stopped region", Date.now() - stopped);
    await ui.notice("Ireland does not respond. Singapore serves now.");

    print("a save is acknowledged after that", await timeToSave(ui, "Typed during the outage"));
    await ui.card("Typed during the outage").getByText("Typed before the outage").waitFor();
    await cloud.setRegion("ireland", "up");
    // Singapore may have taken over meanwhile; the page does not go back as long as that holds.
    await environment().routing.returnToIreland();
    await ui.triggerVisibilityChange();
    await ui.servedBy("Ireland");
    assert.equal(
      (await environment().waitForEqualLists()).filter((subject) => subject === "Typed during the outage")
        .length,
      1,
    );
    assert.equal(await ui.layoutShifts(), shiftsBefore);
  });

  it("saves in Singapore while Ireland does not respond, before Ireland counts as down", async () => {
    const ui = await environment().open();
    const { api } = environment().cloud.addresses.regions.ireland;
    // No answer, and no error either.
    await ui.page.route(`${api}/**`, () => undefined);
    await ui.createForm.getByLabel("Subject").fill("Into the silence");
    const events: string[] = [];
    ui.page.on("request", (request) => {
      if (request.method() === "POST" && !request.url().startsWith(api)) events.push("Singapore is asked");
    });
    ui.page.on("requestfailed", (request) => {
      if (request.method() === "POST" && request.url().startsWith(api)) events.push("Ireland is given up");
    });
    print("a save is acknowledged although its region is silent", await timeToSave(ui, "Into the silence"));
    assert.equal(events[0], "Singapore is asked", events.join(", "));
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
      // Ireland saves it, and is gone before it can say so.
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
      (await environment().waitForEqualLists()).filter((subject) => subject === "Written once").length,
      1,
    );
    assert.equal((await ui.subjects()).filter((subject) => subject === "Written once").length, 1);
    const ticket = (await ireland.list()).find(({ subject }) => subject === "Written once");
    assert.deepEqual(await ireland.conflicts(ticket?.id ?? ""), []);
  });

  it("follows a takeover and a failback under the local gateway's name", async () => {
    const { routing } = environment();
    const ui = await environment().open();
    await ui.servedBy("Ireland");
    await ui.page.getByText("Singapore is on standby.").waitFor();
    for (const [act, region, other] of [
      [() => routing.takeOver(), "Singapore", "Ireland"],
      [() => routing.returnToIreland(), "Ireland", "Singapore"],
    ] as const) {
      await act();
      const led = Date.now();
      await ui.triggerVisibilityChange();
      await ui.servedBy(region);
      await ui.page.getByText(`${other} is on standby.`).waitFor();
      const took = Date.now() - led;
      print(`a page that is looked at again is in ${region}, where DNS leads`, took);
      assert.ok(took < BY_ITSELF_MS, `${took} ms`);
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

/** Sends the form for new tickets; milliseconds, in the browser, from the click until its ticket is acknowledged. */
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
