import * as dns from "dns-packet";
import type { DnsResult } from "./answer";
import type { ResourceRecord } from "./resource-records";

const HEADER_BYTES = 12;
const PLAIN_UDP_BYTES = 512;
const MAX_UDP_BYTES = 4096;
const MAX_TCP_BYTES = 65_535;

const QR_BIT = 0x8000;
const OPCODE_BITS = 0x7800;
const RCODE = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
/** Questions for a whole zone or for all types of a name, which are refused (RFC 8482 allows that for ANY). */
const REFUSED_TYPES = ["ANY", "AXFR", "IXFR"];

type OptRecord = Extract<dns.Answer, { type: "OPT" }>;
type Reply = { readonly rcode: number; readonly result?: DnsResult; readonly badVersion?: boolean };

/**
 * Returns the response to a DNS query (RFC 1035, EDNS by RFC 6891).
 * @param answer returns the result for a name and a type.
 * @returns undefined for a message that is not a query: shorter than a header, or a response.
 */
export function respond(
  query: Buffer,
  transport: "udp" | "tcp",
  answer: (name: string, type: string) => DnsResult,
): Buffer | undefined {
  if (query.length < HEADER_BYTES || query.readUInt16BE(2) & QR_BIT) return undefined;
  if (query.readUInt16BE(2) & OPCODE_BITS) return headerOnly(query, RCODE.NOTIMP);
  const packet = decode(query);
  if (packet?.questions?.length !== 1) return headerOnly(query, RCODE.FORMERR);
  const opt = packet.additionals?.find((record): record is OptRecord => record.type === "OPT");
  return encode(query, opt, sizeLimit(transport, opt), reply(packet.questions[0], opt, answer));
}

function reply(
  question: dns.Question,
  opt: OptRecord | undefined,
  answer: (name: string, type: string) => DnsResult,
): Reply {
  if (opt && opt.ednsVersion > 0) return { rcode: RCODE.NOERROR, badVersion: true };
  if (question.class !== "IN" || REFUSED_TYPES.includes(question.type)) return { rcode: RCODE.REFUSED };
  const result = answer(question.name, question.type);
  return { rcode: RCODE[result.rcode], result };
}

function decode(query: Buffer): dns.Packet | undefined {
  try {
    return dns.decode(query);
  } catch {
    return undefined; // The sender receives FORMERR.
  }
}

function sizeLimit(transport: "udp" | "tcp", opt: OptRecord | undefined): number {
  if (transport === "tcp") return MAX_TCP_BYTES;
  return Math.min(MAX_UDP_BYTES, Math.max(PLAIN_UDP_BYTES, opt?.udpPayloadSize ?? 0));
}

/** Header flags of a response: opcode and recursion-desired flag of the query, without recursion available. */
function responseFlags(query: Buffer, rcode: number, result?: DnsResult, truncated = false): number {
  const kept = query.readUInt16BE(2) & (OPCODE_BITS | dns.RECURSION_DESIRED);
  const authoritative = result?.authoritative ? dns.AUTHORITATIVE_ANSWER : 0;
  return kept | authoritative | (truncated ? dns.TRUNCATED_RESPONSE : 0) | rcode;
}

function headerOnly(query: Buffer, rcode: number): Buffer {
  return dns.encode({ type: "response", id: query.readUInt16BE(0), flags: responseFlags(query, rcode) });
}

function encode(query: Buffer, opt: OptRecord | undefined, limit: number, reply: Reply): Buffer {
  const { rcode, result, badVersion } = reply;
  const additionals = opt ? [optOf(badVersion)] : [];
  const packet = (truncated: boolean): Buffer => {
    const records = truncated ? undefined : result;
    const message = dns.encode({
      type: "response",
      id: query.readUInt16BE(0),
      flags: responseFlags(query, rcode, result, truncated),
      answers: records?.answers.map(copyOf),
      authorities: records?.authorities.map(copyOf),
      additionals,
    });
    return withQuestion(message, query);
  };
  const whole = packet(false);
  return whole.length <= limit ? whole : packet(true);
}

function optOf(badVersion = false): OptRecord {
  const extendedRcode = badVersion ? 1 : 0; // BADVERS is 16. The lower four bits are in the header, the upper bits here.
  const fields = { extendedRcode, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
  return { type: "OPT", name: ".", udpPayloadSize: MAX_UDP_BYTES, ...fields };
}

function copyOf(record: ResourceRecord): dns.Answer {
  return { ...record };
}

/** Copies the question byte for byte, because resolvers compare it with the one they sent, including letter case. */
function withQuestion(message: Buffer, query: Buffer): Buffer {
  message.writeUInt16BE(1, 4);
  const question = query.subarray(HEADER_BYTES, questionEnd(query));
  return Buffer.concat([message.subarray(0, HEADER_BYTES), question, message.subarray(HEADER_BYTES)]);
}

/** Returns the end of the first question. The query has been decoded, so its labels are valid. */
function questionEnd(query: Buffer): number {
  let offset = HEADER_BYTES;
  while (query[offset] !== 0 && query[offset] < 0xc0) offset += query[offset] + 1;
  const nameEnd = offset + (query[offset] === 0 ? 1 : 2);
  return nameEnd + 4;
}
