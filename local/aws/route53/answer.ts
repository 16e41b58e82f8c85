import { EDGE_ADDRESS } from "../cloudfront/model";
import { endpointAddresses, type Regions } from "../regions";
import { chooseRecordSet, type ChoiceContext } from "./record-choice";
import { canonicalName } from "./names";
import { textStrings, type RecordSet, type RecordType } from "./record-set";
import type { ResourceRecord } from "./resource-records";
import type { HostedZone, HostedZones } from "./zones";

/** TTL of an alias to an API Gateway endpoint or a distribution, in seconds. */
const ALIAS_TTL = 60;
/** TTL of the SOA that Route 53 creates, in seconds. It limits how long resolvers cache that a name does not exist. */
const SOA_TTL = 900;
/** Maximum length of a chain of CNAMEs, against loops. */
const MAX_CNAMES = 8;

/** State and settings that answers depend on. */
export interface AnswerContext extends ChoiceContext {
  readonly zones: HostedZones;
  readonly regions: Regions;
  /** Divisor of every TTL. */
  readonly speed: number;
}

/** Result of a DNS question. */
export interface DnsResult {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "REFUSED";
  readonly authoritative: boolean;
  readonly answers: ResourceRecord[];
  readonly authorities: ResourceRecord[];
}

/**
 * Answers a question from the current state of the zones. Follows CNAMEs within the zones, returns a referral for a name below a
 * delegation and the SOA for a missing name or type (RFC 2308), and refuses names outside the zones. AWS endpoints that aliases
 * point to have addresses too, so that a CNAME to one of them works.
 */
export function answerQuestion(name: string, type: string, context: AnswerContext): DnsResult {
  const answers: ResourceRecord[] = [];
  let current = canonicalName(name);
  while (answers.length <= MAX_CNAMES) {
    const cname = type === "CNAME" ? undefined : cnameAt(current, context);
    if (!cname) break;
    answers.push(cname);
    current = canonicalName(cname.data as string);
  }
  const last = answerName(current, type, context);
  if (answers.length === 0) return last;
  const rcode = last.rcode === "REFUSED" ? "NOERROR" : last.rcode;
  return { ...last, rcode, authoritative: true, answers: [...answers, ...last.answers] };
}

function cnameAt(name: string, context: AnswerContext): ResourceRecord | undefined {
  const zone = context.zones.containing(name);
  if (!zone || zone.delegationOf(name)) return undefined;
  const set = chooseRecordSet(zone, name, "CNAME", context);
  return set && recordsOf(zone, set, context)[0];
}

function answerName(name: string, type: string, context: AnswerContext): DnsResult {
  const zone = context.zones.containing(name);
  if (!zone) return answerEndpoint(name, type, context);
  const delegation = zone.delegationOf(name);
  if (delegation) {
    const authorities = recordsOf(zone, delegation, context);
    return { rcode: "NOERROR", authoritative: false, answers: [], authorities };
  }
  const soa = soaOf(zone, context);
  if (type === "SOA" && name === zone.name) return found([soa]);
  const set = chooseRecordSet(zone, name, type as RecordType, context);
  const answers = set ? recordsOf(zone, set, context) : [];
  if (answers.length > 0) return found(answers);
  const rcode = zone.exists(name) ? "NOERROR" : "NXDOMAIN";
  return { rcode, authoritative: true, answers: [], authorities: [soa] };
}

function answerEndpoint(name: string, type: string, context: AnswerContext): DnsResult {
  if (!context.targets.find(name))
    return { rcode: "REFUSED", authoritative: false, answers: [], authorities: [] };
  return found(endpointRecords(name, name, type, context));
}

function found(answers: ResourceRecord[]): DnsResult {
  return { rcode: "NOERROR", authoritative: true, answers, authorities: [] };
}

/** Returns the loopback addresses of the endpoint's region, or the one of CloudFront. There is no AAAA, because IPv6 has one loopback address. */
function endpointRecords(
  name: string,
  targetName: string,
  type: string,
  context: AnswerContext,
): ResourceRecord[] {
  const target = context.targets.find(targetName);
  if (!target || type !== "A") return [];
  const addresses =
    target.region === undefined ? [EDGE_ADDRESS] : endpointAddresses(context.regions.byCode(target.region));
  return addresses.map((data) => ({ name, type, ttl: scaledTtl(ALIAS_TTL, context.speed), data }));
}

function recordsOf(zone: HostedZone, set: RecordSet, context: AnswerContext): ResourceRecord[] {
  const { name, type, content } = set;
  if ("values" in content) {
    const ttl = scaledTtl(content.ttl, context.speed);
    return content.values.map((value) => toResourceRecord(name, type, ttl, value));
  }
  if (context.targets.find(content.alias.name))
    return endpointRecords(name, content.alias.name, type, context);
  const target = chooseRecordSet(zone, content.alias.name, type, context);
  return target ? recordsOf(zone, target, context).map((record) => ({ ...record, name })) : [];
}

function toResourceRecord(name: string, type: RecordType, ttl: number, value: string): ResourceRecord {
  if (type === "TXT") return { name, type, ttl, data: textStrings(value) };
  return { name, type, ttl, data: type === "CNAME" || type === "NS" ? canonicalName(value) : value };
}

/** Divides a TTL. DNS uses whole seconds, so the result is at least one second, except for zero. */
function scaledTtl(seconds: number, speed: number): number {
  return seconds === 0 ? 0 : Math.max(1, Math.round(seconds / speed));
}

/** Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html */
function soaOf(zone: HostedZone, context: AnswerContext): ResourceRecord {
  return {
    name: zone.name,
    type: "SOA",
    ttl: scaledTtl(SOA_TTL, context.speed),
    data: {
      mname: zone.nameServers[0],
      rname: "awsdns-hostmaster.amazon.com",
      serial: 1,
      refresh: 7200,
      retry: 900,
      expire: 1_209_600,
      minimum: 86_400,
    },
  };
}
