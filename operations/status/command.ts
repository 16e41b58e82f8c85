import { wrappedFor } from "../../command-line/terminal";
import { jsonLine } from "../../command-line/terminal-text";
import { connectBoth, disconnect, SHORT_LIMITS } from "../cli/aws-clients";
import type { CommandContext } from "../cli/command";
import { READ_ONLY_HELP, readOptions, wholeNumber, withDeploymentOptions } from "../cli/command-line";
import { findDeployment } from "../cli/deployment";
import { sleepUntil } from "../cli/sleep";
import { lookupFor } from "../routing/dns";
import { collectStatus, type StatusSources } from "./collect-status";
import { concernsOf } from "./concerns";
import { renderStatus } from "./render";
import { statusScreen } from "./screen";

const HELP = `Shows the health of both regions, the DNS answers, takeovers, replication and the latest routing events.

  npm run status -- --stack NAME [options]

${READ_ONLY_HELP}
  --watch             refresh until Ctrl-C
  --interval NUMBER   seconds between refreshes with --watch, 1 to 3600; 5 by default
  --json              print one line of JSON per refresh
  --checks            on AWS, also show Route 53's health checks and the iterator age of replication; calls control planes,
                      Route 53's in us-east-1, with the AWS CLI
  --help              show this help

Read-only. Without --checks it calls data planes only.
Exit code: 0 no problems detected; 1 something needs attention; 2 the command failed.`;

const DEFAULT_INTERVAL_SECONDS = 5;

/** Runs `npm run status`. @throws CommandError when the stack is not found. */
export async function statusCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { common, values } = readOptions(
    "status",
    args,
    {
      watch: { type: "boolean", default: false },
      interval: { type: "string" },
      json: { type: "boolean", default: false },
      checks: { type: "boolean", default: false },
    },
    { dryRun: false },
  );
  const { terminal, signal } = context;
  if (common.help) {
    terminal.print(wrappedFor(HELP));
    return 0;
  }
  const interval = wholeNumber("--interval", values.interval, 1, 3600) ?? DEFAULT_INTERVAL_SECONDS;
  const deployment = await findDeployment(common);
  const connected = await connectBoth(deployment, SHORT_LIMITS);
  const lookup = lookupFor(deployment.naming);
  const withChecks = values.checks as boolean;
  const sources: StatusSources = { deployment, connected, lookup, withChecks, now: Date.now };
  const sleep = sleepUntil(signal);
  try {
    let report = await collectStatus(sources);
    const withOptions = (text: string): string => withDeploymentOptions(text, common);
    const show = (): void => {
      if (values.json)
        return terminal.print(jsonLine({ ...report, concerns: concernsOf(report).map(withOptions) }));
      const screen = values.watch ? terminal.screen : undefined;
      if (screen) screen((columns, rows) => statusScreen(report, withOptions, columns, rows));
      else for (const line of renderStatus(report)) terminal.print(withOptions(line));
    };
    show();
    while (values.watch && !signal.aborted) {
      await sleep(interval * 1000);
      if (signal.aborted) break;
      report = await collectStatus(sources);
      show();
    }
    return concernsOf(report).length === 0 ? 0 : 1;
  } finally {
    disconnect(connected);
  }
}
