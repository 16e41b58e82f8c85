import assert from "node:assert/strict";
import { axeViolations } from "../support/axe";
import type { SharedTests } from "./browser-environment";
import type { WebUiDriver } from "./web-ui-driver";

/** Asserts that the current view has no axe violations. */
export async function assertAccessible({ page }: WebUiDriver, what: string): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], what);
}

/** Accessibility of the web UI in both color schemes. */
export const accessibility: SharedTests = (environment) => {
  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations, ${colorScheme}`, async () => {
      const { ireland, cloud } = environment();
      const { id } = await ireland.create(`In conflict, ${colorScheme}`);
      await environment().waitForEqualLists(`In conflict, ${colorScheme}`);
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
      await assertAccessible(ui, "the list with an invalid field");

      await ui.badge(`In conflict, ${colorScheme}`).click();
      await ui.dialog.getByRole("region", { name: "Other version" }).waitFor();
      await assertAccessible(ui, "the comparison of two versions");
      await ui.page.keyboard.press("Escape");

      await card.getByRole("button", { name: "Cancel" }).click();
      await ui.press("Edit", `In conflict, ${colorScheme}`);
      await assertAccessible(ui, "the edit dialog");
      await ui.page.keyboard.press("Escape");

      await ui.press("Delete", `In conflict, ${colorScheme}`);
      await ui.page.route("**/*", (route) => route.abort());
      await ui.pill.getByText("No region available").waitFor();
      await assertAccessible(ui, "offline, with a delete that can be undone");
      // The web UI is closed with an unsent delete, as when a user closes the window without a network.
    });
};
