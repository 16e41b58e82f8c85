import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { WebUiDriver } from "./web-ui-driver";
import type { SharedTests } from "./browser-environment";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Asserts that axe finds nothing: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md */
export async function assertAccessible({ page }: WebUiDriver, what: string): Promise<void> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: RULES });
  const { violations, passes } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  assert.ok(passes.length > 0);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, [], what);
}

/** What assistive technology and small or dark screens get. */
export const accessibility: SharedTests = (environment) => {
  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations, ${colorScheme}`, async () => {
      const { ireland, cloud } = environment();
      const { id } = await ireland.create(`In conflict, ${colorScheme}`);
      await environment().waitForEqualLists();
      await cloud.setRegion("ireland", "isolated");
      await ireland.edit(id, { description: "As Ireland has it" });
      await environment().singapore.edit(id, { assignee: "Jun", status: "closed", priority: "high" });
      await cloud.setRegion("ireland", "up");

      const ui = await environment().open({ colorScheme, reducedMotion: "reduce" });
      const card = ui.card(`In conflict, ${colorScheme}`);
      await ui.badge(`In conflict, ${colorScheme}`).waitFor();
      await ui.create(" ");
      await ui.createForm.locator("[aria-invalid=true]").waitFor();
      await ui.press("Assign", `In conflict, ${colorScheme}`);
      await assertAccessible(ui, "the list with a field that is wrong");

      await ui.badge(`In conflict, ${colorScheme}`).click();
      await ui.dialog.getByRole("region", { name: "Other version" }).waitFor();
      await assertAccessible(ui, "two versions");
      await ui.page.keyboard.press("Escape");

      await card.getByRole("button", { name: "Cancel" }).click();
      await ui.press("Edit", `In conflict, ${colorScheme}`);
      await assertAccessible(ui, "the edit");
      await ui.page.keyboard.press("Escape");

      await ui.press("Delete", `In conflict, ${colorScheme}`);
      await ui.page.route("**/*", (route) => route.abort());
      await ui.pill.getByText("No region available").waitFor();
      await assertAccessible(ui, "offline, with a delete to take back");
      // The page is closed with the delete unsent, as when a window is closed without a network.
    });
};
