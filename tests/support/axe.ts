import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Returns the accessibility violations that axe finds in the current state of a page, one line per rule.
 * https://github.com/dequelabs/axe-core/blob/develop/doc/API.md
 * @throws Error if axe has checked nothing.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: RULES });
  const { violations, passes } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  if (passes.length === 0) throw new Error("axe has checked nothing.");
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
