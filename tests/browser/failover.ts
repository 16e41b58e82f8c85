import assert from "node:assert/strict";
import type { Route } from "playwright-core";
import type { TicketPage } from "./web-ui-driver";
import type { Cases } from "./browser-environment";

/** The page asks the failover name by itself every 30 s: sooner than that it has followed because it was looked at. */
const BY_ITSELF_MS = 30_000;

/** Ireland fails, or falls silent, while the page is used. */
export const failover: Cases = (stage) => {
  it("continues in Singapore when Ireland stops during typing, without layout shifts, and returns", async () => {
    const { cloud } = stage();
    const page = await stage().open();
    await page.servedBy("Ireland");
    const shiftsBefore = await page.layoutShifts();
    await page.createForm.getByLabel("Description").fill("Typed before the outage");
    await cloud.setRegion("ireland", "down");
    const stopped = Date.now();
    await page.createForm.getByLabel("Subject").pressSequentially("Typed during the outage");
    await page.servedBy("Singapore");
    print("an idle page follows a stopped region", Date.now() - stopped);
    await page.notice("Ireland does not respond. Singapore serves now.");

    print("a save is acknowledged after that", await timeToSave(page, "Typed during the outage"));
    await page.card("Typed during the outage").getByText("Typed before the outage").waitFor();
    await cloud.setRegion("ireland", "up");
    // Singapore may have taken over meanwhile; the page does not go back as long as that holds.
    await stage().service.returnToIreland();
    await page.lookAgain();
    await page.servedBy("Ireland");
    assert.equal(
      (await stage().agreed()).filter((subject) => subject === "Typed during the outage").length,
      1,
    );
    assert.equal(await page.layoutShifts(), shiftsBefore);
  });

  it("saves in Singapore while Ireland does not respond, before Ireland counts as down", async () => {
    const page = await stage().open();
    const { api } = stage().cloud.addresses.regions.ireland;
    // No answer, and no error either.
    await page.page.route(`${api}/**`, () => undefined);
    await page.createForm.getByLabel("Subject").fill("Into the silence");
    const events: string[] = [];
    page.page.on("request", (request) => {
      if (request.method() === "POST" && !request.url().startsWith(api)) events.push("Singapore is asked");
    });
    page.page.on("requestfailed", (request) => {
      if (request.method() === "POST" && request.url().startsWith(api)) events.push("Ireland is given up");
    });
    print("a save is acknowledged although its region is silent", await timeToSave(page, "Into the silence"));
    assert.equal(events[0], "Singapore is asked", events.join(", "));
    await page.servedBy("Singapore");
  });

  it("does not duplicate a write that Ireland applied but did not acknowledge", async () => {
    const { cloud, ireland } = stage();
    const page = await stage().open();
    await page.servedBy("Ireland");
    const { api } = cloud.addresses.regions.ireland;
    let lost = 0;
    await page.page.route(`${api}/**`, async (route: Route) => {
      if (route.request().method() !== "POST") return route.fallback();
      // Ireland saves it, and is gone before it can say so.
      assert.equal((await route.fetch()).status(), 201);
      lost++;
      await cloud.setRegion("ireland", "down");
      await route.abort("connectionreset");
    });
    await page.create("Written once");
    await page.notice("Created “Written once”.");
    assert.equal(lost, 1);
    await page.servedBy("Singapore");

    await cloud.setRegion("ireland", "up");
    assert.equal((await stage().agreed()).filter((subject) => subject === "Written once").length, 1);
    assert.equal((await page.subjects()).filter((subject) => subject === "Written once").length, 1);
    const ticket = (await ireland.list()).find(({ subject }) => subject === "Written once");
    assert.deepEqual(await ireland.conflicts(ticket?.id ?? ""), []);
  });

  it("follows a takeover and a failback under the local gateway's name", async () => {
    const { service } = stage();
    const page = await stage().open();
    await page.servedBy("Ireland");
    await page.page.getByText("Singapore is on standby.").waitFor();
    for (const [act, region, other] of [
      [() => service.takeOver(), "Singapore", "Ireland"],
      [() => service.returnToIreland(), "Ireland", "Singapore"],
    ] as const) {
      await act();
      const led = Date.now();
      await page.lookAgain();
      await page.servedBy(region);
      await page.page.getByText(`${other} is on standby.`).waitFor();
      const took = Date.now() - led;
      print(`a page that is looked at again is in ${region}, where DNS leads`, took);
      assert.ok(took < BY_ITSELF_MS, `${took} ms`);
    }
  });

  it("does not show standby for a region that does not respond", async () => {
    await stage().cloud.setRegion("ireland", "down");
    const page = await stage().open();
    await page.servedBy("Singapore");
    await page.page.getByText("Ireland does not respond.").waitFor();
  });
};

function print(what: string, milliseconds: number): void {
  console.log(`        ${what}: ${Math.round(milliseconds)} ms`);
}

/** Sends the form for new tickets; milliseconds, in the browser, from the click until its ticket is acknowledged. */
async function timeToSave({ page, createForm }: TicketPage, subject: string): Promise<number> {
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
