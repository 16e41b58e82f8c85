import { CommandError } from "../../command-line/command-error";
import { wrappedFor } from "../../command-line/terminal";
import { callerIdentity } from "../cli/caller-identity";
import type { CommandContext } from "../cli/command";
import { readOptions, STACK_FORMS } from "../cli/command-line";
import { printFindings } from "../cli/finding";
import { stackOutputs } from "../cli/pulumi-stack";
import { readStackConfig } from "../cli/stack-config";
import { exportState, isOwned, ZONE } from "../cli/stack-state";
import { unlessStopped } from "../cli/unless-stopped";
import { cloudfrontCheck, concurrencyChecks, publicAccessCheck, regionsCheck } from "./account-checks";
import type { CheckedAccount } from "./account-checks";
import { openAccount } from "./account-clients";
import { runChecks, type Check, type Finding } from "./check";
import { publicDns } from "./public-dns";
import { certificateRegions, quotaChecks } from "./quota-checks";
import { zoneChecks } from "./zone-checks";

const HELP = `Checks an AWS account before the first pulumi up of a stack, and says what to do.

  npm run preflight -- --stack NAME

  --stack NAME        ${STACK_FORMS}; pulumi stack init creates it
  --help              show this help

Read-only. Checks the regions, Lambda's concurrency quota, S3 Block Public Access, CloudFront, and with a domain the quotas of Route 53 and ACM, the hosted zone, its delegation and the CAA records. docs/deploy.md has the IAM policy that it needs.
Exit code: 0 nothing to do; 1 something is to do or could not be checked; 2 the command failed.`;

const LABELS: Readonly<Record<Finding["status"], string>> = {
  ok: "ok",
  note: "note",
  "to do": "TO DO",
  "not checked": "NOT CHECKED",
};

/** Returns all checks of an account. */
function checksOf(checked: CheckedAccount): Check[] {
  return [
    regionsCheck(checked),
    ...concurrencyChecks(checked),
    publicAccessCheck(checked),
    cloudfrontCheck(checked),
    ...quotaChecks(checked),
    ...zoneChecks(checked, publicDns),
  ];
}

/** Runs `npm run preflight`. @throws CommandError when the stack is not found or there are no credentials. */
export async function preflightCommand(
  args: readonly string[],
  { terminal, signal }: CommandContext,
): Promise<number> {
  const { common } = readOptions("preflight", args, {}, { dryRun: false, local: false, outputs: false });
  if (common.help) {
    terminal.print(wrappedFor(HELP));
    return 0;
  }
  const { stack } = common;
  if (stack === undefined)
    throw new CommandError("No stack was given. Use --stack NAME, for example --stack ireland.");
  const config = await readStackConfig(stack);
  const outputs = await stackOutputs(stack);
  const createdZones = config.domainName === undefined ? [] : await zonesInState(stack);
  const clients = openAccount(certificateRegions({ config }), config.awsEndpoint);
  try {
    const { account, arn } = await unlessStopped(callerIdentity(clients.sts), signal);
    terminal.print(`Account ${account}, as ${arn}.`);
    const checks = checksOf({ clients, account, config, outputs, createdZones });
    const findings = await unlessStopped(runChecks(checks), signal);
    printFindings(findings, LABELS, terminal);
    return conclude(findings, stack, terminal.print);
  } finally {
    clients.close();
  }
}

/** Ids of the hosted zones in the state of the stack. An update that times out before the delegation leaves a zone, but no outputs. */
async function zonesInState(stack: string): Promise<string[]> {
  const { deployment } = await exportState({ stack });
  const zones = (deployment?.resources ?? []).filter((one) => one.type === ZONE && isOwned(one));
  return zones.map(({ id = "" }) => id);
}

function conclude(findings: readonly Finding[], stack: string, print: (line: string) => void): number {
  const count = (status: Finding["status"]): number =>
    findings.filter((finding) => finding.status === status).length;
  const [todo, unchecked] = [count("to do"), count("not checked")];
  if (todo + unchecked === 0) {
    print(`Nothing to do before pulumi up --stack ${stack}.`);
    return 0;
  }
  print(`${todo} to do, ${unchecked} not checked. Then run again: npm run preflight -- --stack ${stack}.`);
  return 1;
}
