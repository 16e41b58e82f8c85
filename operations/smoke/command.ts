import { GetObjectCommand } from "@aws-sdk/client-s3";
import { CommandError } from "../../command-line/command-error";
import { wrappedFor } from "../../command-line/terminal";
import { connectBoth, disconnect, SHORT_LIMITS, type ConnectedRegion } from "../cli/aws-clients";
import type { CommandContext } from "../cli/command";
import { READ_ONLY_HELP, readOptions, withDeploymentOptions, type CommonOptions } from "../cli/command-line";
import { findDeployment, type Deployment } from "../cli/deployment";
import { printFindings } from "../cli/finding";
import { unlessStopped } from "../cli/unless-stopped";
import { lookupFor } from "../routing/dns";
import type { Finding } from "./finding";
import { getFile } from "./get-file";
import { smokeChecks, webUis, type SmokeSources } from "./smoke-checks";

const HELP = `Checks a deployment from outside: the API of each region, the failover URL, the web UI, and the copy of the web UI in each region.

  npm run smoke -- --stack NAME [options]

${READ_ONLY_HELP}
  --help              show this help

Read-only. Needs s3:GetObject for the UI buckets; with s3:ListBucket, S3 reports a missing file as such. All requests have timeouts.
Exit code: 0 all right; 1 something is wrong, or a warning; 2 the command failed.`;

const LABELS: Readonly<Record<Finding["status"], string>> = {
  ok: "OK",
  warning: "WARNING",
  wrong: "WRONG",
};

/** Timeout for one object of S3, in milliseconds. */
const OBJECT_MS = 15_000;

/** Runs `npm run smoke`. @throws CommandError when the stack is not found, or an earlier release deployed it. */
export async function smokeCommand(
  args: readonly string[],
  { terminal, signal }: CommandContext,
): Promise<number> {
  const { common } = readOptions("smoke", args, {}, { dryRun: false });
  if (common.help) {
    terminal.print(wrappedFor(HELP));
    return 0;
  }
  const deployment = await findDeployment(common);
  requireOutputs(deployment, common);
  const connected = await connectBoth(deployment, SHORT_LIMITS);
  try {
    const sources: SmokeSources = {
      deployment,
      lookup: lookupFor(deployment.naming),
      get: (url, route) => getFile(url, { ...route, signal }),
      object: ({ name }, key) => readObject(connected, name, key, signal),
    };
    const findings = await unlessStopped(smokeChecks(sources), signal);
    printFindings(findings, LABELS, terminal, (fix) => withDeploymentOptions(fix, common));
    const count = findings.filter(({ status }) => status !== "ok").length;
    if (count === 0) terminal.print(`All ${findings.length} checks passed.`);
    else
      terminal.print(`Problems: ${count}. Then run again: ${withDeploymentOptions("npm run smoke", common)}`);
    return count === 0 ? 0 : 1;
  } finally {
    disconnect(connected);
  }
}

/** Rejects a stack of an earlier release, whose outputs lack what only this command needs. */
function requireOutputs(deployment: Deployment, { outputs }: CommonOptions): void {
  const { stack, givenStack = stack, regions, naming } = deployment;
  const again = outputs === undefined ? "" : `, then save them again in ${outputs}`;
  const fix = naming.local
    ? "restart the local cloud from this version: npm start"
    : `run pulumi up --stack ${givenStack} to add it to the outputs${again}`;
  const missing = regions.filter(({ uiBucket }) => typeof uiBucket !== "string" || uiBucket === "");
  if (missing.length > 0)
    throw new CommandError(
      `The stack ${stack} does not report uiBucket of ${missing.map(({ name }) => name).join(" and ")}; ${fix}.`,
    );
  if (webUis(deployment).length === 0)
    throw new CommandError(`The stack ${stack} does not report the address of its web UI; ${fix}.`);
}

async function readObject(
  connected: readonly ConnectedRegion[],
  name: string,
  Key: string,
  signal: AbortSignal,
): Promise<string> {
  const { clients, region } = connected.find((one) => one.region.name === name) as ConnectedRegion;
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(OBJECT_MS)]);
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: region.uiBucket, Key }), {
    abortSignal,
  });
  return (await Body?.transformToString()) ?? "";
}
