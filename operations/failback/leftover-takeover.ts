import { isUnreadable } from "../../functions/shared/stored-item";
import { changeRouting, failBack, replaceRouting } from "../../functions/routing/routing-table";
import { revisionOf } from "../../functions/routing/routing-item";
import { plainLine } from "../../command-line/terminal-text";
import { connect, disconnect, SHORT_LIMITS } from "../cli/aws-clients";
import { reasonOf } from "../../command-line/command-error";
import type { Deployment } from "../cli/deployment";
import { eventLine, operatorName } from "../routing/operator";
import { routingTableOf } from "../routing/region-tables";
import type { RegionsInRoles } from "../routing/roles";

/**
 * Ends a takeover item in the table of the current primary, left from when that region was the secondary. It has no effect
 * now, but would take effect when the roles are swapped again. Does nothing if the primary does not respond or Route 53 does
 * not confirm that it is the primary: ending a takeover that is in force would return service without gates.
 */
export async function endLeftoverTakeover(
  deployment: Deployment,
  { primary, confirmed }: Pick<RegionsInRoles, "primary" | "confirmed">,
  { dryRun, force }: { readonly dryRun: boolean; readonly force: string | undefined },
  print: (line: string) => void,
): Promise<void> {
  if (!confirmed)
    return print(
      `DNS does not confirm that ${primary.name} is the primary, so a leftover takeover in it is not ended.`,
    );
  const connected = await connect(primary, SHORT_LIMITS);
  try {
    const table = routingTableOf(connected);
    const item = await table.read().catch((error: unknown) => {
      if (isUnreadable(error)) return error;
      throw error;
    });
    const reason = `left from when ${primary.name} was the secondary`;
    const event = { what: "failback", by: operatorName(), at: new Date().toISOString(), reason } as const;
    if (item instanceof Error) {
      print(item.message);
      if (force === undefined)
        return print(
          `It has no effect while ${primary.name} is the primary. To replace it: npm run failback -- --force "REASON".`,
        );
      if (dryRun) return print("Dry run: would replace it.");
      if (!(await replaceRouting(table, primary.code, item, { ...event, reason: force }))) return;
      print(eventLine({ ...event, reason: force }, { stack: deployment.stack, region: primary.code }));
      return print("Replaced it.");
    }
    if (!item?.takeover) return;
    const what = plainLine(
      `a takeover of ${primary.name} from when it was the secondary (${item.by}, ${item.at})`,
    );
    if (dryRun) return print(`Dry run: would end ${what}.`);
    const { changed } = await changeRouting(table, primary.code, (current) =>
      failBack(current, revisionOf(item), event),
    );
    if (!changed) return;
    print(eventLine(event, { stack: deployment.stack, region: primary.code }));
    print(`Ended ${what}.`);
  } catch (error) {
    print(`Whether ${primary.name} holds a leftover takeover is unknown: ${reasonOf(error)}.`);
  } finally {
    disconnect([connected]);
  }
}
