import * as dgram from "node:dgram";
import { once } from "node:events";
import * as packet from "dns-packet";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { createResource } from "../../support/create-resource";
import { aliasTo, IRELAND_ENDPOINT, RECORD, startRoute53, ZONE } from "./open-route53";

/** Decoded response. dns-packet also returns the response code, which is missing in its types. */
export type Response = packet.DecodedPacket & { rcode: string };

/** Id of every query. */
export const QUERY_ID = 4711;

/** Starts a DNS server with a zone that has a name of every kind. */
export async function startDns(): Promise<{ route53: LocalRoute53; port: number }> {
  const route53 = await startRoute53();
  route53.registerAliasTarget(IRELAND_ENDPOINT);
  const zoneId = (await createResource(route53, ZONE, { name: "tickets.test" })).id;
  const texts = (count: number, length: number): string[] =>
    Array.from({ length: count }, (_, index) => String(index).padStart(length, "-"));
  const records = [
    { name: "api", type: "A", aliases: aliasTo(IRELAND_ENDPOINT) },
    { name: "www", type: "CNAME", ttl: 60, records: ["api.tickets.test"] },
    { name: "dead", type: "CNAME", ttl: 60, records: ["gone.tickets.test"] },
    { name: "six", type: "AAAA", ttl: 60, records: ["::1"] },
    { name: "a.deep", type: "A", ttl: 60, records: ["127.0.0.1"] },
    { name: "medium", type: "TXT", ttl: 60, records: texts(4, 200) },
    { name: "large", type: "TXT", ttl: 60, records: texts(40, 120) },
    { name: "child", type: "NS", ttl: 60, records: ["ns.example.org"] },
  ];
  for (const record of records) await createResource(route53, RECORD, { zoneId, ...record });
  return { route53, port: portOf(route53) };
}

export function portOf(route53: LocalRoute53): number {
  return Number(route53.dnsAddress.split(":")[1]);
}

/** Encodes a query for one name, by default `api.tickets.test` and A. */
export function queryFor(question: Partial<packet.Question>, more: Partial<packet.Packet> = {}): Buffer {
  const questions: packet.Question[] = [{ type: "A", name: "api.tickets.test", ...question }];
  return packet.encode({ type: "query", id: QUERY_ID, flags: packet.RECURSION_DESIRED, questions, ...more });
}

/** Sends datagrams from one socket and returns the responses until the first answer. */
export async function sendUdp(port: number, messages: readonly Buffer[]): Promise<Buffer[]> {
  const socket = dgram.createSocket("udp4");
  const received: Buffer[] = [];
  socket.on("message", (message) => received.push(message));
  try {
    messages.forEach((message) => socket.send(message, port, "127.0.0.1"));
    await once(socket, "message", { signal: AbortSignal.timeout(20_000) });
    return received;
  } finally {
    socket.close();
  }
}

/** Sends a query over UDP and returns the decoded response. */
export async function queryUdp(port: number, query: Buffer): Promise<Response> {
  const [response] = await sendUdp(port, [query]);
  return packet.decode(response) as Response;
}

/** Returns the complete messages, each preceded by its length, at the start of the received bytes. */
export function takeFrames(bytes: Buffer): { frames: Buffer[]; rest: Buffer } {
  const frames: Buffer[] = [];
  let rest = bytes;
  while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
    const end = 2 + rest.readUInt16BE(0);
    frames.push(rest.subarray(2, end));
    rest = rest.subarray(end);
  }
  return { frames, rest };
}
