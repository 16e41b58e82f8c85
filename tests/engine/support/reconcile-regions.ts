import type { DeployedRegion } from "../../../operations/cli/deployed-regions";
import { connectBoth, disconnect } from "../../../operations/cli/aws-clients";
import { reconcileDeployment } from "../../../operations/reconcile/reconcile-deployment";
import type { Tally } from "../../../operations/reconcile/tally";
import type { EngineCloud } from "./engine-cloud";

/** Stack outputs of the regions by alias. */
export type RegionOutputs = Readonly<Record<string, Omit<DeployedRegion, "name">>>;

/** Two regions of a deployment. */
interface ReconciledRegions {
  /** Aliases of the regions. */
  readonly aliases: readonly [string, string];
  readonly outputs: RegionOutputs;
  /** Whether tickets get the attributes that they lack; false by default. */
  readonly stamp?: boolean;
}

/** Runs what `npm run reconcile` runs, on the regions of some outputs. */
export async function reconcileRegions(
  cloud: EngineCloud,
  { aliases: [first, second], outputs, stamp = false }: ReconciledRegions,
): Promise<Tally> {
  const { dynamodb, sqs, s3 } = cloud.host.services;
  const region = (name: string): DeployedRegion => {
    const { code } = outputs[name];
    const [tables, queues, buckets] = [dynamodb, sqs, s3].map((service) => service.endpoint(code));
    const endpoints = { dynamodb: tables, sqs: queues, s3: buckets };
    return { ...outputs[name], name, endpoints };
  };
  const deployment = { stack: "ireland", regions: [region(first), region(second)], naming: {} } as const;
  const connected = await connectBoth(deployment);
  const ignore = (): void => undefined;
  try {
    const { tally } = await reconcileDeployment(
      deployment,
      connected,
      { dryRun: false, stamp, deep: false },
      {
        terminal: { print: ignore, progress: ignore, fail: ignore },
        signal: new AbortController().signal,
      },
    );
    return tally;
  } finally {
    disconnect(connected);
  }
}
