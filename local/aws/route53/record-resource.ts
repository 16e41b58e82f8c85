import { isDeepStrictEqual } from "node:util";
import type { DeclaredResource, ExistingResource, ResourceHandler } from "../resource";
import type { AliasTargets } from "./alias-targets";
import { checkRecordFits, describeRecord } from "./record-rules";
import {
  absoluteName,
  parseRecordSet,
  recordInputsOf,
  recordTypeOf,
  type RecordInputs,
  type RecordSet,
} from "./record-set";
import { sameRecord, type HostedZone, type HostedZones, type RecordKey } from "./zones";

const ONE_POLICY = "Use failoverRoutingPolicies or no policy.";

/** State that records depend on. */
export interface RecordContext {
  readonly zones: HostedZones;
  readonly targets: AliasTargets;
  /** Whether a health check exists. */
  readonly hasCheck: (healthCheckId: string) => boolean;
}

/**
 * Creates the handler of `aws:route53/record:Record`. A record is found by its zone, name, type and set identifier, also if
 * another program has changed it, as in the provider; its id does not change with them.
 */
export function recordHandler(context: RecordContext): ResourceHandler {
  const { zones } = context;
  return {
    updatable: [
      "aliases",
      "allowOverwrite",
      "failoverRoutingPolicies",
      "healthCheckId",
      "records",
      "setIdentifier",
      "ttl",
      "type",
    ],
    replacing: {
      name: "internal/service/route53/record.go:269",
      zoneId: "internal/service/route53/record.go:324",
    },
    unordered: ["records"],
    remedies: {
      cidrRoutingPolicy: ONE_POLICY,
      geolocationRoutingPolicies: ONE_POLICY,
      geoproximityRoutingPolicy: ONE_POLICY,
      latencyRoutingPolicies: ONE_POLICY,
      multivalueAnswerRoutingPolicy: ONE_POLICY,
      weightedRoutingPolicies: ONE_POLICY,
    },
    create: async ({ inputs }) => {
      const zone = zoneOf(zones, inputs);
      const set = readSet(inputs, zone, context);
      checkRecordFits(zone, set, inputs.allowOverwrite === true ? [set] : [], context.targets);
      zone.put(set);
      const id = [zone.zoneId, set.name, set.type, set.setIdentifier].filter(Boolean).join("_");
      return { id, outputs: outputsOf(set, inputs) };
    },
    read: async (resource) => {
      const { zone, set } = find(zones, resource);
      if (!zone || !set) return undefined;
      const inputs = currentInputs(resource.inputs, zone, set);
      return { id: resource.id, inputs, outputs: outputsOf(set, inputs) };
    },
    update: async (resource, inputs) => {
      const zone = zoneOf(zones, inputs);
      const previous = parseRecordSet(resource.inputs as RecordInputs, zone.name);
      const set = readSet(inputs, zone, context);
      if (!sameRecord(previous, set)) checkUnchanged(zone, previous);
      const replaced = inputs.allowOverwrite === true ? [previous, set] : [previous];
      checkRecordFits(zone, set, replaced, context.targets);
      zone.remove(previous);
      zone.put(set);
      return outputsOf(set, inputs);
    },
    // Route 53 keeps the NS of the apex; the provider ignores that error: internal/service/route53/record.go, resourceRecordDelete.
    delete: async (resource) => {
      const { zone, set } = find(zones, resource);
      if (zone && set && !zone.isRequired(set)) zone.remove(set);
    },
  };
}

function zoneOf(zones: HostedZones, inputs: DeclaredResource["inputs"]): HostedZone {
  const zone = zones.byId(cleanZoneId(inputs.zoneId));
  if (zone) return zone;
  throw new Error(
    `Record ${inputs.name} ${inputs.type}: NoSuchHostedZone: there is no hosted zone ${inputs.zoneId}. Create it, or correct the zone id.`,
  );
}

/** The API returns zone ids as `/hostedzone/Z…`. */
function cleanZoneId(zoneId: unknown): string {
  return String(zoneId).replace(/^\/hostedzone\//, "");
}

function readSet(
  inputs: DeclaredResource["inputs"],
  zone: HostedZone,
  { hasCheck }: RecordContext,
): RecordSet {
  const set = parseRecordSet(inputs as RecordInputs, zone.name);
  if (set.healthCheckId !== undefined && !hasCheck(set.healthCheckId))
    throw new Error(
      `Record ${set.name} ${set.type}: NoSuchHealthCheck: there is no health check ${set.healthCheckId}.`,
    );
  return set;
}

/**
 * Checks that a record can be deleted in the same change batch that creates its successor with another type or set identifier. Route
 * 53 deletes only a record with the given values.
 */
function checkUnchanged(zone: HostedZone, previous: RecordSet): void {
  const current = zone.find(previous);
  if (isDeepStrictEqual(current, previous)) return;
  const problem = current ? "the values provided do not match the current values" : "it was not found";
  throw new Error(
    `Record ${previous.name} ${previous.type}: InvalidChangeBatch: Tried to delete resource record set ${describeRecord(previous)} but ${problem}. Refresh the stack first.`,
  );
}

function find(
  zones: HostedZones,
  { id, inputs }: ExistingResource,
): { readonly zone?: HostedZone; readonly set?: RecordSet } {
  const known = inputs.name === undefined ? inputsFromId(id) : inputs;
  const zone = zones.byId(cleanZoneId(known.zoneId));
  const type = recordTypeOf(known.type);
  if (!zone || !type) return {};
  const key: RecordKey = {
    name: absoluteName(known.name, zone.name),
    type,
    setIdentifier: known.setIdentifier,
  };
  return { zone, set: zone.find(key) };
}

/** Returns the inputs in the id of a record that is imported: `<zone id>_<name>_<type>` and `_<set identifier>`. */
function inputsFromId(id: string): DeclaredResource["inputs"] {
  const [zoneId, ...rest] = id.split("_");
  const at = rest.findIndex((part, index) => index > 0 && recordTypeOf(part) !== undefined);
  const setIdentifier = rest.slice(at + 1).join("_") || undefined;
  return { zoneId, name: rest.slice(0, at).join("_"), type: rest[at] ?? "", setIdentifier };
}

/** Returns the declared inputs while the record has their values, else those that declare its current values. */
function currentInputs(
  declared: DeclaredResource["inputs"],
  zone: HostedZone,
  set: RecordSet,
): DeclaredResource["inputs"] {
  const isImported = declared.name === undefined;
  if (!isImported && isDeepStrictEqual(parseRecordSet(declared as RecordInputs, zone.name), set))
    return declared;
  const { zoneId = zone.zoneId, name = set.name, allowOverwrite } = declared;
  return { ...recordInputsOf(set), zoneId, name, ...(allowOverwrite !== undefined && { allowOverwrite }) };
}

function outputsOf(set: RecordSet, inputs: DeclaredResource["inputs"]): Record<string, unknown> {
  return { fqdn: set.name, name: inputs.name };
}
