import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { TicketPage } from "./web-ui-driver";
import type { Cases } from "./browser-environment";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Asserts that axe finds nothing: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md */
export async function assertAccessible({ page }: TicketPage, what: string): Promise<void> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: RULES });
  const { violations, passes } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  assert.ok(passes.length > 0);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, [], what);
}

/** What assistive technology and small or dark screens get. */
export const accessibility: Cases = (stage) => {
  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations, ${colorScheme}`, async () => {
      const { ireland, cloud } = stage();
      const { id } = await ireland.create(`In conflict, ${colorScheme}`);
      await stage().agreed();
      await cloud.setRegion("ireland", "isolated");
      await ireland.edit(id, { description: "As Ireland has it" });
      await stage().singapore.edit(id, { assignee: "Jun", status: "closed", priority: "high" });
      await cloud.setRegion("ireland", "up");

      const page = await stage().open({ colorScheme, reducedMotion: "reduce" });
      const card = page.card(`In conflict, ${colorScheme}`);
      await page.badge(`In conflict, ${colorScheme}`).waitFor();
      await page.create(" ");
      await page.createForm.locator("[aria-invalid=true]").waitFor();
      await page.press("Assign", `In conflict, ${colorScheme}`);
      await assertAccessible(page, "the list with a field that is wrong");

      await page.badge(`In conflict, ${colorScheme}`).click();
      await page.dialog.getByRole("region", { name: "Other version" }).waitFor();
      await assertAccessible(page, "two versions");
      await page.page.keyboard.press("Escape");

      await card.getByRole("button", { name: "Cancel" }).click();
      await page.press("Edit", `In conflict, ${colorScheme}`);
      await assertAccessible(page, "the edit");
      await page.page.keyboard.press("Escape");

      await page.press("Delete", `In conflict, ${colorScheme}`);
      await page.page.route("**/*", (route) => route.abort());
      await page.pill.getByText("No region available").waitFor();
      await assertAccessible(page, "offline, with a delete to take back");
      // The page is closed with the delete unsent, as when a window is closed without a network.
    });
};
