import { type ExportedState, isOwned, type StateResource, ZONE } from "../cli/stack-state";
import type { StoredData } from "./stored-data";

/** Hosted zone that the stack created. */
interface CreatedZone {
  readonly urn: string;
  /** Id in Route 53. */
  readonly id: string;
  /** Domain name. */
  readonly name: string;
  readonly nameServers: readonly string[];
}

/** What a teardown has to know of the state. */
export interface DeployedState {
  /** Number of resources, components and providers included. */
  readonly resources: number;
  readonly isProtected: boolean;
  readonly tables: readonly StoredData[];
  /** Buckets that are emptied and deleted. */
  readonly buckets: readonly StoredData[];
  /** Buckets that are kept, with the records of an audit trail. */
  readonly kept: readonly StoredData[];
  /** Hosted zones, which are deleted. */
  readonly zones: readonly CreatedZone[];
  /** URNs of kept buckets that the engine would delete. */
  readonly toRetain: readonly string[];
  /** URNs of hosted zones and their records that the engine would keep, as they are retained while the data is protected. */
  readonly toRelease: readonly string[];
  /** Twelve digits; undefined if no ARN of the state names it. */
  readonly account?: string;
  /** URNs of resources whose last operation was interrupted. */
  readonly interrupted: readonly string[];
}

/** Finds what a teardown has to know. */
export function deployedState({ deployment = {} }: ExportedState): DeployedState {
  const { resources = [], pending_operations: pending = [] } = deployment;
  const providers = new Map(resources.map((resource) => [`${resource.urn}::${resource.id}`, resource]));
  const stored = (...types: readonly string[]): StoredData[] =>
    resources
      .filter((resource) => isOwned(resource) && types.includes(resource.type))
      .map(({ urn, id = "", provider = "" }) => ({ urn, name: id, ...placeOf(providers.get(provider)) }));
  const buckets = stored("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2");
  // The bucket of a trail is kept whoever created it, also if an earlier version of the program did not retain it.
  const trails = resources.filter(({ type }) => type === "aws:cloudtrail/trail:Trail");
  const trailBuckets = trails.map(({ outputs, inputs }) => outputs?.s3BucketName ?? inputs?.s3BucketName);
  const retained = resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ urn }) => urn);
  const isKept = ({ urn, name }: StoredData): boolean =>
    retained.includes(urn) || trailBuckets.includes(name);
  const kept = buckets.filter(isKept);
  const zones = resources.filter((resource) => isOwned(resource) && resource.type === ZONE).map(zoneOf);
  return {
    resources: resources.length,
    isProtected: resources.some(({ protect }) => protect),
    tables: stored("aws:dynamodb/table:Table"),
    buckets: buckets.filter((bucket) => !isKept(bucket)),
    kept,
    zones,
    toRetain: kept.map(({ urn }) => urn).filter((urn) => !retained.includes(urn)),
    // A zone with records cannot be deleted.
    toRelease: [...zones, ...recordsOf(zones, resources)]
      .map(({ urn }) => urn)
      .filter((urn) => retained.includes(urn)),
    account: accountIn(resources),
    interrupted: pending.map(({ resource }) => resource.urn),
  };
}

/** Returns the state with `toRetain` forgotten by a destroy instead of deleted, and `toRelease` deleted. */
export function withRetention(
  state: ExportedState,
  { toRetain, toRelease }: Pick<DeployedState, "toRetain" | "toRelease">,
): ExportedState {
  const resources = (state.deployment?.resources ?? []).map((resource) => {
    if (toRelease.includes(resource.urn)) return { ...resource, retainOnDelete: undefined };
    return toRetain.includes(resource.urn) ? { ...resource, retainOnDelete: true } : resource;
  });
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** Returns the records of zones. */
function recordsOf(zones: readonly CreatedZone[], resources: readonly StateResource[]): StateResource[] {
  const ids = zones.map(({ id }) => id);
  return resources.filter(
    ({ type, inputs }) => type === "aws:route53/record:Record" && ids.includes(String(inputs?.zoneId)),
  );
}

function zoneOf({ urn, id = "", outputs = {} }: StateResource): CreatedZone {
  const { name, nameServers } = outputs;
  return {
    ...{ urn, id, name: String(name ?? id) },
    nameServers: Array.isArray(nameServers) ? nameServers.map(String) : [],
  };
}

/** Region and endpoint of a provider. In a state, arguments that are not text are JSON. */
function placeOf(provider: StateResource | undefined): Pick<StoredData, "region" | "endpoint"> {
  const { region, endpoints } = provider?.inputs ?? {};
  const [first] = typeof endpoints === "string" ? (JSON.parse(endpoints) as { s3?: string }[]) : [];
  return { ...(typeof region === "string" && { region }), ...(first?.s3 && { endpoint: first.s3 }) };
}

function accountIn(resources: readonly StateResource[]): string | undefined {
  for (const { outputs } of resources) {
    const [, account] = /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(String(outputs?.arn)) ?? [];
    if (account !== undefined) return account;
  }
  return undefined;
}
