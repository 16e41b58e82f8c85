import { CommandError } from "../../command-line/command-error";
import { readFromPulumi } from "./pulumi-command-line";

/** Region in the configuration of a stack. */
interface ConfiguredRegion {
  /** Region alias. */
  readonly name: string;
  /** AWS region code. */
  readonly code: string;
}

/** Keys of a stack's configuration that commands read before the stack has outputs. */
export interface StackConfig {
  readonly regions: readonly [ConfiguredRegion, ConfiguredRegion];
  readonly domainName?: string;
  readonly hostedZoneId?: string;
  /** Whether each region's web UI is a public website. */
  readonly publicWebsite: boolean;
  /** Executions to reserve for the replication function of each region; 0 for none. */
  readonly replicationConcurrency: number;
  /** Endpoint of an emulator for all services; absent for AWS. */
  readonly awsEndpoint?: string;
}

/** Entry of `pulumi config --json`. */
interface ConfigEntry {
  /** Absent for a secret. */
  readonly value?: string;
}

/**
 * Reads the configuration of a stack with the Pulumi CLI, with the defaults of `Pulumi.yaml`. It exists before the first update.
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_config/
 * @throws CommandError if the CLI is missing, not logged in or fails, or the stack does not exist, or its regions are invalid.
 */
export async function readStackConfig(stack: string): Promise<StackConfig> {
  const entries = (await readFromPulumi(stack, "configuration", ["config", "--json"])) as Readonly<
    Record<string, ConfigEntry>
  >;
  const text = (key: string): string | undefined => entries[`tickets:${key}`]?.value || undefined;
  return {
    regions: regionsIn(text("regions"), stack),
    domainName: text("domainName"),
    hostedZoneId: text("hostedZoneId"),
    publicWebsite: text("publicWebsite") === "true",
    replicationConcurrency: Number(text("replicationConcurrency") ?? 0) || 0,
    awsEndpoint: text("awsEndpoint"),
  };
}

function regionsIn(text: string | undefined, stack: string): StackConfig["regions"] {
  const regions = parsed(text);
  if (Array.isArray(regions) && regions.length === 2 && regions.every(isRegion))
    return [regions[0], regions[1]];
  throw new CommandError(
    `The regions of the stack ${stack} are ${JSON.stringify(text ?? "")}, which is not a list of two regions; ` +
      `pulumi preview --stack ${stack} shows what is invalid and how to fix it.`,
  );
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function isRegion(value: unknown): value is ConfiguredRegion {
  const { name, code } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof name === "string" && typeof code === "string";
}
