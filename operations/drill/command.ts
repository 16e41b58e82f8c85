import { CommandError } from "../../command-line/command-error";
import { isSameStack, isStackName } from "../../command-line/stack-name";
import { wrappedFor } from "../../command-line/terminal";
import type { Command, CommandContext } from "../cli/command";
import { decimalNumber, readOptions, wholeNumber } from "../cli/command-line";
import type { DeploymentChoice } from "../cli/deployment";
import { DEFAULT_MINUTES, MAXIMUM_MINUTES } from "../failback/command";
import { machineText } from "./machine";
import type { VerdictName } from "./report/expectations";
import { overallText } from "./report/markdown";
import type { DrillReport } from "./report/report";
import { type ReportFiles, reportFiles } from "./report/report-files";
import { runDrill } from "./run/run-drill";
import { isReversible, type Scenario, statesOf } from "./scenario";
import { SCENARIOS } from "./scenarios";
import { awsSystem } from "./systems/aws-system";
import type { DrillCommands, DrillOperations } from "./systems/deployed-system";
import type { DrillSystem } from "./systems/drill-system";
import { localSystem, startTemporaryCloud } from "./systems/local-system";

const SCENARIO_LINES = SCENARIOS.map(
  (scenario) =>
    `  ${scenario.name.padEnd(34)}${scenario.title}${isReversible(scenario) ? " (also on AWS)" : ""}`,
);

const HELP = `Breaks a region under steady traffic, measures the failover, repairs the region, fails back and reports RTO and RPO.

  npm run drill -- --speed NUMBER [options]       on a new local cloud, stopped afterwards
  npm run drill -- --local[=URL] [options]        on a running local cloud
  npm run drill -- --stack NAME [options]         on AWS, reversible scenarios only

  --stack NAME        Pulumi stack; ireland by default, required on AWS
  --speed NUMBER      start a new local cloud that divides its times by NUMBER, 1 to 100; 1 is real time
  --local[=URL]       use the local cloud with this console URL; http://localhost:4700 by default
  --scenario NAME     scenario to run; region-down by default, takeover on AWS
  --minutes NUMBER    minutes that the primary must have been healthy before failback, decimals allowed; 5 by default
  --seed NUMBER       seed of the random choices; taken from the clock by default, and printed in the report
  --report FILE       write FILE.json, FILE.md and FILE.html
  --outputs FILE      on AWS, read the stack outputs from a file saved with pulumi stack output --json
  --confirm NAME      on AWS, repeat the stack name: the other region serves clients during the drill
  --help              show this help

${SCENARIO_LINES.join("\n")}

Exit code: 0 every expectation was met; 1 at least one was not met; 2 the drill could not run; 3 inconclusive: a time limit was missed while the machine was overloaded, and nothing else was wrong.`;

const VERDICT_LABELS: Readonly<Record<VerdictName, string>> = {
  met: "ok          ",
  "not met": "NOT OK      ",
  inconclusive: "inconclusive",
};
const EXIT_CODES: Readonly<Record<VerdictName, number>> = { met: 0, "not met": 1, inconclusive: 3 };

/**
 * Returns the command `npm run drill`.
 * @param commands operator commands that a drill runs.
 * @throws CommandError when the drill cannot run or is stopped.
 */
export function drillCommand(commands: DrillCommands): Command {
  return async (args, context) => {
    const { common, values } = readOptions("drill", args, {
      speed: { type: "string" },
      scenario: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
      report: { type: "string" },
      confirm: { type: "string" },
    });
    if (common.help) {
      context.terminal.print(wrappedFor(HELP));
      return 0;
    }
    if (common.dryRun) throw new CommandError("A drill has no dry run: --dry-run cannot be used.");
    const speed = wholeNumber("--speed", values.speed, 1, 100);
    const onAws = common.local === undefined && speed === undefined;
    const scenario = chosenScenario(values.scenario as string | undefined, onAws);
    const options = {
      scenario,
      seed: wholeNumber("--seed", values.seed, 0, 2 ** 32 - 1) ?? Date.now() % 2 ** 32,
      keepsData: speed === undefined,
      signal: context.signal,
      print: (line: string) => context.terminal.print(line),
    };
    if (common.local !== undefined && speed !== undefined)
      throw new CommandError(
        "--speed and --local exclude each other: --speed starts a local cloud, --local uses a running one.",
      );
    if (!onAws && values.confirm !== undefined)
      throw new CommandError("--confirm is only for a drill on AWS: omit it with --speed and --local.");
    const files = values.report === undefined ? undefined : await reportFiles(values.report as string);
    const operations: DrillOperations = {
      ...commands,
      failbackMinutes: decimalNumber("--minutes", values.minutes, 0, MAXIMUM_MINUTES) ?? DEFAULT_MINUTES,
    };
    const system = onAws
      ? await confirmedAws(common, values.confirm as string | undefined, operations, context)
      : await localOrTemporary(common, speed, operations, context);
    try {
      await system.prepare?.(statesOf(scenario));
      context.terminal.print(`Drill ${scenario.name} on ${system.environment}: ${scenario.title}.`);
      const report = await runDrill(system, options);
      return await printResult(report, files, context);
    } finally {
      await system.close();
    }
  };
}

function chosenScenario(name: string | undefined, onAws: boolean): Scenario {
  const scenarioName = name ?? (onAws ? "takeover" : "region-down");
  const found = SCENARIOS.find((scenario) => scenario.name === scenarioName);
  const reversible = SCENARIOS.filter(isReversible).map((known) => known.name);
  if (!found) {
    const names = SCENARIOS.map((known) => known.name).join(", ");
    throw new CommandError(
      `The scenario ${JSON.stringify(scenarioName)} does not exist; the scenarios are ${names} (on AWS only ${reversible.join(" and ")}).`,
    );
  }
  if (onAws && !isReversible(found))
    throw new CommandError(
      `The scenario ${scenarioName} cannot be reversed on AWS. On AWS use ${reversible.join(" or ")}; the local cloud runs all scenarios.`,
    );
  return found;
}

async function localOrTemporary(
  { local, stack }: { readonly local?: string; readonly stack?: string },
  speed: number | undefined,
  operations: DrillOperations,
  { terminal, signal }: CommandContext,
): Promise<DrillSystem> {
  if (local !== undefined) return localSystem(local, stack, operations, signal);
  terminal.print(`Starting a local cloud at speed ${speed} …`);
  const cloud = await startTemporaryCloud(stack ?? "ireland", speed as number, signal);
  try {
    const system = await localSystem(cloud.consoleUrl, stack, operations, signal);
    const close = async (): Promise<void> => {
      await system.close();
      await cloud.stop();
    };
    return { ...system, close };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

async function confirmedAws(
  { stack, outputs }: DeploymentChoice,
  confirmed: string | undefined,
  operations: DrillOperations,
  context: CommandContext,
): Promise<DrillSystem> {
  if (stack === undefined)
    throw new CommandError(
      "No stack was given. Use --stack NAME for AWS, or --speed 10 or --local for a local cloud.",
    );
  if (confirmed === undefined || !isStackName(confirmed) || !isSameStack(confirmed, stack))
    throw new CommandError(
      `A drill moves the clients of the stack ${stack} to its other region and back. To confirm, add --confirm ${stack}.`,
    );
  return awsSystem({ stack, outputs }, operations, context);
}

async function printResult(
  report: DrillReport,
  files: ReportFiles | undefined,
  { terminal }: CommandContext,
): Promise<number> {
  terminal.print("");
  for (const { expected, verdict, figure } of report.expectations)
    terminal.print(`${VERDICT_LABELS[verdict]}  ${expected}: ${figure}`);
  terminal.print(`\nMachine: ${machineText(report.figures.machine)}.`);
  if (report.verdict === "inconclusive")
    terminal.print(`${overallText(report)}. Repeat the drill on a machine with less load.`);
  if (!files) terminal.print("\nTo write the full report, use --report FILE.");
  else terminal.print(`\nWrote ${(await files.write(report)).join(", ")}.`);
  return EXIT_CODES[report.verdict];
}
