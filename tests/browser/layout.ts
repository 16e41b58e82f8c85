import assert from "node:assert/strict";
import type { WebUiDriver } from "./web-ui-driver";
import { assertAccessible } from "./accessibility";
import type { SharedTests } from "./browser-environment";

const WIDTHS = [390, 768, 1280] as const;
/** https://developer.apple.com/design/human-interface-guidelines/accessibility#Mobility */
const TOUCH_TARGET = 44;
/** https://www.w3.org/TR/WCAG22/#target-size-minimum */
const POINTER_TARGET = 24;
/** Minimum font size of fields in pixels. Safari on iOS zooms into focused fields with smaller fonts. */
const PHONE_FONT = 16;

/** Layout measurements in the browser. */
interface Measured {
  /** Horizontal overflow of the document, in pixels. */
  readonly overflow: number;
  /** Elements outside of the window, or with clipped text. */
  readonly cut: readonly string[];
  readonly smallTargets: readonly string[];
  readonly smallFonts: readonly string[];
}

const MEASURE = `((target, font) => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const name = (element) => element.tagName + " " + (element.id || element.className || element.textContent).slice(0, 40);
  const within = document.querySelector("dialog[open]") ?? document.body;
  const all = [...within.querySelectorAll("*")].filter(seen);
  const isHidden = (element) => element.closest(".for-readers, .skip-link");
  const box = (element) => (element.closest("label.option") ?? element).getBoundingClientRect();
  const targets = all.filter((element) => element.matches("button, input, select, textarea, summary, h3 a"));
  const fields = all.filter((element) => element.matches("input:not([type=radio]), select, textarea"));
  return {
    overflow: document.documentElement.scrollWidth - innerWidth,
    cut: all.filter((element) => !isHidden(element) && (element.getBoundingClientRect().right > innerWidth + 0.5
      || (element.matches("button") && element.scrollWidth > element.clientWidth + 1))).map(name),
    smallTargets: targets.filter((element) => !isHidden(element) && (box(element).height < target - 0.5
      || (!element.matches("a") && box(element).width < target - 0.5)))
      .map((element) => name(element) + " " + box(element).width + "x" + box(element).height),
    smallFonts: fields.filter((element) => parseFloat(getComputedStyle(element).fontSize) < font).map(name),
  };
})`;

async function assertLaidOut(ui: WebUiDriver, width: number, what: string): Promise<void> {
  const [target, font] = width < 960 ? [TOUCH_TARGET, PHONE_FONT] : [POINTER_TARGET, 0];
  const measured = await ui.page.evaluate<Measured>(`${MEASURE}(${target}, ${font})`);
  assert.deepEqual(measured, { overflow: 0, cut: [], smallTargets: [], smallFonts: [] }, what);
}

/** Long texts that could break the layout. */
const HARD = {
  customer: "Verylongcustomername".repeat(9),
  description: "A long story. ".repeat(60),
  assignee: "y".repeat(90),
};
const ARABIC = "طابعة الطابق الثالث لا تعمل";
const OVERRIDE = "Trim\u202eevil";

/** Layout in windows of different widths. */
export const layout: SharedTests = (environment) => {
  for (const width of WIDTHS)
    it(`fits a window of ${width} pixels in every view, with large enough targets and fonts`, async () => {
      const { ireland, singapore, cloud } = environment();
      const hard = await ireland.create("Hard to lay out");
      const subject = `🔥👩‍💻 ${width}${"x".repeat(120)}`;
      await ireland.edit(hard.id, { ...HARD, subject });
      await ireland.create(ARABIC);
      await environment().waitForEqualLists(subject, ARABIC);
      await cloud.setRegion("ireland", "isolated");
      await ireland.edit(hard.id, { description: "As Ireland has it ".repeat(100), priority: "high" });
      await singapore.edit(hard.id, { description: "z".repeat(2_000), status: "closed", customer: "" });
      await cloud.setRegion("ireland", "up");

      try {
        const ui = await environment().open({
          viewport: { width, height: 800 },
          hasTouch: width < 960,
          reducedMotion: "reduce",
        });
        await ui.badge(subject).waitFor();
        await assertLaidOut(ui, width, "the list");
        await ui
          .card(subject)
          .locator("summary")
          .click()
          .catch(() => undefined);
        await ui.press("Assign", subject);
        await assertLaidOut(ui, width, "the list with a form");
        if (width < 960) await ui.page.getByText("New ticket").click();
        await ui.create(" ");
        await ui.createForm.locator("[aria-invalid=true]").waitFor();
        await assertLaidOut(ui, width, "the form for a new ticket");
        if (width < 960) await ui.page.goBack();

        for (const [view, ready] of [
          ["", "Back"],
          ["&view=edit", "Save"],
          ["&view=conflict", "Save this result"],
        ]) {
          await ui.page.goto(`${environment().url}/?ticket=${hard.id}${view}`);
          await ui.dialog.getByRole("button", { name: ready, exact: true }).waitFor();
          await assertLaidOut(ui, width, `the view ${view}`);
          await assertAccessible(ui, `the view ${view} at ${width} pixels`);
        }
        await ui.page.goto(`${environment().url}/?ticket=01ARZ3NDEKTSV4RRFFQ69G5FAV`);
        await ui.dialog.getByRole("heading", { name: "Ticket not found" }).waitFor();
        await assertLaidOut(ui, width, "a dead link");
        await ui.page.goto(`${environment().url}/?assignee=Nemo`);
        await ui.page.getByText("No ticket matches the filter.").waitFor();
        await assertLaidOut(ui, width, "an empty list");

        await ui.page.route("**/*", (route) => route.abort());
        await ui.pill.getByText("No region available").waitFor();
        await assertLaidOut(ui, width, "offline");
      } finally {
        // Other tests count the closed tickets.
        await ireland.delete(hard.id);
      }
    });

  it("shows right-to-left text in its direction, and isolates bidi control characters", async () => {
    const { ireland } = environment();
    const { id } = await ireland.create(OVERRIDE);
    await ireland.edit(id, { customer: OVERRIDE, assignee: OVERRIDE, description: ARABIC });
    const ui = await environment().open();
    const card = ui.page.locator("li.card").filter({ hasText: ARABIC }).first();
    await card.locator("dd bdi").first().waitFor();
    const found = await ui.page.evaluate<unknown>(`(() => {
      const card = [...document.querySelectorAll("li.card")].find(({ textContent }) => textContent.includes("evil"));
      const style = (selector) => getComputedStyle(card.querySelector(selector));
      return {
        description: style(".description").direction,
        subject: style("h3").direction,
        names: [...card.querySelectorAll("dd bdi")].map((element) => getComputedStyle(element).unicodeBidi),
      };
    })()`);
    assert.deepEqual(found, { description: "rtl", subject: "ltr", names: ["isolate", "isolate"] });
    await card.getByRole("button", { name: "Delete" }).click();
    const notice = ui.page.getByText("Deleted “", { exact: false }).first();
    assert.match((await notice.textContent()) ?? "", /“\u2068Trim\u202eevil\u2069”/);
    await ui.page.getByRole("button", { name: "Undo" }).click();
  });

  it("has a pill as wide as its text, no empty space for errors, and no buttons on a ticket being created", async () => {
    const ui = await environment().open();
    await ui.servedBy("Ireland");
    const slack = await ui.page.evaluate<number>(`(() => {
      const pill = document.querySelector("#serving");
      return pill.getBoundingClientRect().width - pill.querySelector(".name").getBoundingClientRect().width;
    })()`);
    assert.ok(slack <= 26, `${slack} pixels beside the name`);
    const dead = await ui.page.evaluate<number>(`(() => {
      const panel = document.querySelector(".panel");
      const button = panel.querySelector("[type=submit]");
      return panel.getBoundingClientRect().bottom - button.getBoundingClientRect().bottom;
    })()`);
    assert.ok(dead <= 20, `${dead} pixels below the button`);
    await ui.page.route("**/tickets", (route) =>
      route.request().method() === "POST" ? undefined : route.continue(),
    );
    await ui.create("Being created");
    const card = ui.card("Being created");
    await card.getByText("Saving…").waitFor();
    assert.equal(await card.getByRole("button").count(), 0);
  });
};
