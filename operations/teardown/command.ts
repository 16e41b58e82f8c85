import { STSClient } from "@aws-sdk/client-sts";
import { CommandError } from "../../command-line/command-error";
import { parseStackName } from "../../command-line/stack-name";
import { wrappedFor } from "../../command-line/terminal";
import { credentialsFor } from "../cli/aws-credentials";
import { callerIdentity } from "../cli/caller-identity";
import type { CommandContext } from "../cli/command";
import { readOptions, STACK_FORMS } from "../cli/command-line";
import { exportState } from "../cli/stack-state";
import { confirmStack } from "../routing/operator";
import { deployedState, type DeployedState } from "./deployed-state";
import { removeAll } from "./remove-all";
import { findTarget, type TeardownTarget } from "./target";

const HELP = `Deletes a deployment with all tickets: turns off the protection of the data, empties the buckets and destroys the stack.

  npm run teardown -- --stack NAME [options]

  --stack NAME        ${STACK_FORMS}; required without --local
  --local[=URL]       use a local cloud that npm run local:pulumi has started, with this console URL; http://localhost:4700 by default
  --dry-run           print what would be deleted, and change nothing
  --yes               do not ask for confirmation
  --help              show this help

Only the bucket of the audit trail remains; the last lines name it and the command that deletes it. After an interruption or an error, run the same command again: it continues.
Exit code: 0 the stack has no resources any more, or nothing was to do; 2 the command failed.`;

/** Runs `npm run teardown`. @throws CommandError when the stack is not found, was not confirmed or cannot be destroyed. */
export async function teardownCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const own = { yes: { type: "boolean", default: false } } as const;
  const { common, values } = readOptions("teardown", args, own, { outputs: false });
  const { terminal, signal } = context;
  if (common.help) {
    terminal.print(wrappedFor(HELP));
    return 0;
  }
  const target = await findTarget(common);
  const { stack } = target;
  const deployed = deployedState(await exportState(target));
  if (deployed.resources === 0) {
    terminal.print(
      `The stack ${stack} has no resources. To delete the empty stack: pulumi stack rm ${stack}`,
    );
    return 0;
  }
  await expectAccount(target, deployed);
  for (const line of plan(stack, deployed)) terminal.print(line);
  if (common.dryRun) {
    terminal.print("Dry run: nothing was changed.");
    return 0;
  }
  const what = `This deletes the stack ${stack} with all tickets in both regions. It cannot be undone.`;
  if (!values.yes) await confirmStack(stack, what, signal);
  try {
    await removeAll(target, deployed.kept, context);
  } finally {
    // The operator needs the outcome of the teardown, whatever the console answers.
    await target.announce().catch((error: Error) => terminal.fail(error.message));
  }
  for (const line of nextSteps(target, deployed)) terminal.print(line);
  return 0;
}

/** Describes what is deleted and what is kept. */
function plan(
  stack: string,
  { resources, account, tables, buckets, kept, zones, interrupted, isProtected }: DeployedState,
): string[] {
  const named = (data: DeployedState["tables"]): string =>
    data.map(({ name, region }) => (region === undefined ? name : `${name} (${region})`)).join(", ");
  return [
    `The stack ${stack} has ${resources} resources${account === undefined ? "" : ` in account ${account}`}.`,
    ...(tables.length > 0 ? [`Deletes the tables with all items: ${named(tables)}.`] : []),
    ...(buckets.length > 0 ? [`Empties and deletes the buckets: ${named(buckets)}.`] : []),
    ...(kept.length > 0 ? [`Keeps the bucket of the audit trail: ${named(kept)}.`] : []),
    ...zones.flatMap(({ id, name, nameServers }) => [
      `Deletes the hosted zone of ${name} (${id}).`,
      `First remove its delegation, at the registrar or in the parent zone: the NS records of ${name} with ${nameServers.join(", ")}. ` +
        "A delegation to a zone that does not exist lets others take over the name.",
    ]),
    ...(isProtected ? ["Turns off the protection of the data first."] : []),
    ...(interrupted.length > 0
      ? [
          `An earlier run of Pulumi was interrupted at ${interrupted.join(", ")}. If a creation was interrupted, the state may not contain ` +
            "the resource: see docs/troubleshooting.md.",
        ]
      : []),
  ];
}

/**
 * Expects credentials of the account in which the resources are. With those of another account every deletion would seem to succeed,
 * because the resources do not exist there.
 * @throws CommandError otherwise, or if there are no credentials.
 */
async function expectAccount(
  { stack, isLocal }: TeardownTarget,
  { account, tables, buckets, kept }: DeployedState,
): Promise<void> {
  const isEmulated = [...tables, ...buckets, ...kept].some(({ endpoint }) => endpoint !== undefined);
  if (isLocal || isEmulated) return;
  const code = "us-east-1";
  const client = new STSClient({ region: code, credentials: credentialsFor({ code }) });
  try {
    const own = await callerIdentity(client);
    if (account !== undefined && own.account !== account)
      throw new CommandError(
        `The stack ${stack} is in account ${account}, but the credentials are of account ${own.account}. Set AWS_PROFILE to a profile of ${account}.`,
      );
  } finally {
    client.destroy();
  }
}

/** What the operator can do after a teardown. */
function nextSteps({ stack, isLocal }: TeardownTarget, { tables, buckets }: DeployedState): string[] {
  if (isLocal) return [`To create it again: npm run local:pulumi -- up --stack ${stack}`];
  const found = [...tables, ...buckets].flatMap(({ region = [] }) => region);
  const regions = [...new Set([...found, "us-east-1"])].sort();
  const tag = `Key=pulumi:stack,Values=${parseStackName(stack).stack}`;
  return [
    "To list whatever else has the tags of the stack, in each region:",
    ...regions.map(
      (region) => `  aws resourcegroupstaggingapi get-resources --tag-filters ${tag} --region ${region}`,
    ),
    `To delete the empty stack: pulumi stack rm ${stack}`,
  ];
}
