import { CommandError } from "../../command-line/command-error";
import type { DeploymentChoice } from "../cli/deployment";
import type { CommandContext } from "../cli/command";
import { deployedSystem, type DrillOperations } from "./deployed-system";
import { pausedReplication } from "./paused-replication";
import type { DrillSystem } from "./system";

/**
 * A stack on AWS as something to drill, by reversible means only: the takeover, and replication paused by disabling the
 * event source mappings of both directions, which keep their position.
 * @throws CommandError when the stack or its domain is not to be had.
 */
export async function awsSystem(
  choice: DeploymentChoice,
  operations: DrillOperations,
  { terminal, signal }: CommandContext,
): Promise<DrillSystem> {
  const { deployment, domain, ...system } = await deployedSystem(choice, operations, signal);
  const replication = pausedReplication(deployment.regions, { say: terminal.print });
  return {
    ...system,
    environment: "AWS",
    failoverUrl: `https://api.${domain}`,
    async prepare(states) {
      if (states.includes("isolated")) await replication.find();
    },
    async setState(_region, state) {
      if (state === "isolated") return replication.pause();
      if (state === "up") return replication.resume();
      throw new CommandError(`The state ${state} is not available on AWS.`);
    },
  };
}
