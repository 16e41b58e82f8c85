import assert from "node:assert/strict";
import * as packet from "dns-packet";
import fc from "fast-check";
import type { DnsResult } from "../../../../local/aws/route53/answer";
import { respond } from "../../../../local/aws/route53/dns-message";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { queryUdp, queryFor, QUERY_ID, sendUdp, startDns, type Response } from "./dns-support";

type OptRecord = Extract<packet.Answer, { type: "OPT" }>;

const OPT: OptRecord = {
  type: "OPT",
  name: ".",
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

const NOTHING: DnsResult = { rcode: "REFUSED", authoritative: false, answers: [], authorities: [] };

describe("DNS messages", () => {
  let route53: LocalRoute53;
  let port: number;

  before(async () => {
    ({ route53, port } = await startDns());
  });
  after(() => route53.close());

  const response = (question: Partial<packet.Question>, more?: Partial<packet.Packet>): Promise<Response> =>
    queryUdp(port, queryFor(question, more));

  it("are authoritative, offer no recursion, and repeat the question unchanged", async () => {
    const answer = await response({ name: "API.tickets.TEST" });
    const { id, flag_aa, flag_ra, flag_rd, flag_tc } = answer;
    assert.deepEqual([id, flag_aa, flag_ra, flag_rd, flag_tc], [QUERY_ID, true, false, true, false]);
    assert.equal(answer.questions?.[0].name, "API.tickets.TEST");
    assert.equal((answer.answers?.[0] as packet.StringAnswer).data, "127.0.0.11");
  });

  it("contain the SOA for a missing name and for a missing type", async () => {
    const missing = await response({ name: "none.tickets.test" });
    assert.deepEqual(
      [missing.rcode, missing.answers?.length, missing.authorities?.[0].type],
      ["NXDOMAIN", 0, "SOA"],
    );
    for (const question of [{ type: "AAAA" }, { type: "SRV" }, { name: "deep.tickets.test" }] as const) {
      const empty = await response(question);
      assert.deepEqual(
        [empty.rcode, empty.answers?.length, empty.authorities?.[0].type],
        ["NOERROR", 0, "SOA"],
      );
    }
  });

  it("contain NXDOMAIN and the CNAME when a CNAME resolves to a missing name", async () => {
    const dead = await response({ name: "dead.tickets.test" });
    assert.deepEqual([dead.rcode, dead.answers?.map(({ type }) => type)], ["NXDOMAIN", ["CNAME"]]);
  });

  it("refer a name below a delegation to its name servers", async () => {
    const referral = await response({ name: "host.child.tickets.test" });
    assert.deepEqual([referral.rcode, referral.flag_aa, referral.answers?.length], ["NOERROR", false, 0]);
    const [server] = referral.authorities as packet.StringAnswer[];
    assert.deepEqual([server.name, server.type, server.data], ["child.tickets.test", "NS", "ns.example.org"]);
  });

  it("refuse names outside the zones, other classes, ANY and zone transfers", async () => {
    const refused: Partial<packet.Question>[] = [
      { name: "example.org" },
      { class: "CH" },
      { type: "ANY" as packet.RecordType },
      { type: "AXFR" },
    ];
    for (const question of refused) assert.equal((await response(question)).rcode, "REFUSED");
  });

  it("are truncated at 512 bytes without EDNS and at the client's size with EDNS", async () => {
    const question = { name: "medium.tickets.test", type: "TXT" } as const;
    const plain = await response(question);
    assert.deepEqual([plain.flag_tc, plain.answers?.length], [true, 0]);
    const extended = await response(question, { additionals: [OPT] });
    assert.deepEqual([extended.flag_tc, extended.answers?.length], [false, 4]);
  });

  it("contain EDNS for EDNS queries, and BADVERS for an unknown EDNS version", async () => {
    const optOf = (message: Response): OptRecord | undefined =>
      message.additionals?.find((record): record is OptRecord => record.type === "OPT");
    assert.equal(optOf(await response({})), undefined);
    assert.equal(optOf(await response({}, { additionals: [OPT] }))?.extendedRcode, 0);
    const future = await response({}, { additionals: [{ ...OPT, ednsVersion: 1 }] });
    assert.deepEqual([optOf(future)?.extendedRcode, future.answers?.length], [1, 0]);
  });

  it("contain FORMERR for a malformed packet or two questions, and NOTIMP for another operation", async () => {
    const questions = ["a.test", "b.test"].map((name) => ({ type: "A", name }) as const);
    assert.equal((await queryUdp(port, queryFor({}).subarray(0, 20))).rcode, "FORMERR");
    assert.equal((await response({}, { questions })).rcode, "FORMERR");
    assert.equal((await response({}, { flags: 5 << 11 })).rcode, "NOTIMP");
  });

  it("are well-formed and contain the query's id for arbitrary bytes", () => {
    const spoilt = fc
      .tuple(fc.nat({ max: 40 }), fc.nat({ max: 255 }), fc.nat({ max: 45 }))
      .map(([at, value, length]) => {
        const query = queryFor({}, { additionals: [OPT] });
        query[at] = value;
        return query.subarray(0, length);
      });
    const noise = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(noise, spoilt), fc.constantFrom("udp", "tcp"), (query, transport) => {
        const bytes = respond(query, transport, () => NOTHING);
        if (query.length < 12 || query[2] >= 0x80) return assert.equal(bytes, undefined);
        assert.ok(bytes);
        const { id, type } = packet.decode(bytes);
        assert.deepEqual([id, type], [query.readUInt16BE(0), "response"]);
      }),
      { numRuns: 1000 },
    );
  });

  it("are not sent for messages that are not queries", async () => {
    const reply = packet.encode({ type: "response", id: 1, questions: [] });
    const received = await sendUdp(port, [Buffer.from("short"), reply, queryFor({})]);
    assert.deepEqual(
      received.map((message) => message.readUInt16BE(0)),
      [QUERY_ID],
    );
  });
});
