import { isIPv4, isIPv6 } from "node:net";
import { canonicalName, checkDomainName, isWithin } from "./names";

const RECORD_TYPES = ["A", "AAAA", "CNAME", "TXT", "NS"] as const;

/** Record types that the local Route 53 supports. */
export type RecordType = (typeof RECORD_TYPES)[number];

/** Target of an alias record. */
export interface Alias {
  /** Canonical name of the target. */
  readonly name: string;
  readonly zoneId: string;
  readonly evaluateTargetHealth: boolean;
}

/** A resource record set: either `values` with a `ttl` in seconds, or an `alias`. */
export interface RecordSet {
  /** Canonical, absolute. */
  readonly name: string;
  readonly type: RecordType;
  readonly content: { readonly ttl: number; readonly values: readonly string[] } | { readonly alias: Alias };
  readonly setIdentifier?: string;
  readonly failover?: "PRIMARY" | "SECONDARY";
  readonly healthCheckId?: string;
}

/** Supported inputs of `aws:route53/record:Record`. */
export interface RecordInputs {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly records?: readonly string[];
  readonly aliases?: readonly Alias[];
  readonly failoverRoutingPolicies?: readonly { readonly type: string }[];
  readonly setIdentifier?: string;
  readonly healthCheckId?: string;
}

/**
 * Reads the inputs of a record, with the rules of
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html.
 * @param zoneName canonical name of the record's zone, which completes a relative name.
 * @throws Error that names the record and the invalid input.
 */
export function parseRecordSet(inputs: RecordInputs, zoneName: string): RecordSet {
  const name = absoluteName(inputs.name, zoneName);
  const fail = failFor(name, inputs.type);
  const type = recordTypeOf(inputs.type);
  if (!type) return fail(`the local Route 53 supports only the types ${RECORD_TYPES.join(", ")}.`);
  checkDomainName(name, "Record");
  return {
    name,
    type,
    content: parseContent(inputs, type, fail),
    failover: parseFailover(inputs, fail),
    setIdentifier: inputs.setIdentifier,
    healthCheckId: inputs.healthCheckId,
  };
}

/** Returns the record type, or undefined for one that is not supported. */
export function recordTypeOf(type: string): RecordType | undefined {
  return RECORD_TYPES.find((known) => known === type);
}

/** Returns the inputs that declare a record set, without its zone. */
export function recordInputsOf(set: RecordSet): RecordInputs {
  const { name, type, content, setIdentifier, failover, healthCheckId } = set;
  return {
    name,
    type,
    ...("alias" in content ? { aliases: [content.alias] } : { ttl: content.ttl, records: content.values }),
    ...(failover && { failoverRoutingPolicies: [{ type: failover }] }),
    ...(setIdentifier !== undefined && { setIdentifier }),
    ...(healthCheckId !== undefined && { healthCheckId }),
  };
}

/**
 * Completes a name that is relative to its zone, as the provider does. A name that ends with the zone's name is unchanged.
 * @throws Error when the name ends with a dot and is not in the zone.
 */
export function absoluteName(given: string, zoneName: string): string {
  const name = canonicalName(given);
  if (isWithin(name, zoneName)) return name;
  if (given.endsWith("."))
    throw new Error(`Record ${given} is not in its zone ${zoneName}; use a name below ${zoneName}.`);
  return name === "" ? zoneName : `${name}.${zoneName}`;
}

type Fail = (problem: string) => never;

function failFor(name: string, type: string): Fail {
  return (problem) => {
    throw new Error(`Record ${name} ${type}: ${problem}`);
  };
}

function parseContent(inputs: RecordInputs, type: RecordType, fail: Fail): RecordSet["content"] {
  const [alias, ...more] = inputs.aliases ?? [];
  if (more.length > 0) return fail("aliases must have one target.");
  if (alias && (inputs.ttl !== undefined || inputs.records?.length))
    return fail("aliases excludes ttl and records: an alias takes both from its target.");
  if (alias) return { alias: { ...alias, name: canonicalName(alias.name) } };
  if (inputs.ttl === undefined || !inputs.records?.length)
    return fail("give either aliases, or ttl (seconds) together with records.");
  if (!Number.isInteger(inputs.ttl) || inputs.ttl < 0 || inputs.ttl > 2147483647)
    return fail(`ttl ${inputs.ttl} is not a whole number of seconds from 0 to 2147483647.`);
  if (type === "CNAME" && inputs.records.length > 1) return fail("a CNAME must have one value.");
  inputs.records.forEach((value) => checkValue(value, type, fail));
  return { ttl: inputs.ttl, values: inputs.records };
}

function checkValue(value: string, type: RecordType, fail: Fail): void {
  if (type === "A" && !isIPv4(value)) fail(`${JSON.stringify(value)} is not an IPv4 address.`);
  if (type === "AAAA" && !isIPv6(value)) fail(`${JSON.stringify(value)} is not an IPv6 address.`);
  if (type === "CNAME" || type === "NS") checkDomainName(canonicalName(value), `The ${type} value`);
  if (type === "TXT" && textStrings(value).some((text) => Buffer.byteLength(text) > 255))
    fail('a string of a TXT value has at most 255 bytes; split it with "" in between.');
}

function parseFailover(inputs: RecordInputs, fail: Fail): RecordSet["failover"] {
  const [policy] = inputs.failoverRoutingPolicies ?? [];
  if (!policy) {
    if (inputs.setIdentifier) fail("setIdentifier needs a routing policy, such as failoverRoutingPolicies.");
    return undefined;
  }
  if (policy.type !== "PRIMARY" && policy.type !== "SECONDARY")
    return fail(
      `failoverRoutingPolicies type ${JSON.stringify(policy.type)} is neither PRIMARY nor SECONDARY.`,
    );
  if (!inputs.setIdentifier) return fail("failoverRoutingPolicies needs a setIdentifier.");
  if (policy.type === "PRIMARY" && !inputs.aliases?.length && !inputs.healthCheckId)
    return fail("a PRIMARY that is not an alias needs a healthCheckId.");
  return policy.type;
}

/** Returns the strings of a TXT value. As in the provider, outer quotes are optional, and `""` separates strings. */
export function textStrings(value: string): string[] {
  const inner = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  return inner.split(/"\s*"/);
}
