/** A start-of-authority record's data, as dns-packet takes it. Times are seconds. */
interface SoaData {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** One resource record as it goes into a DNS message. `ttl` is in seconds. */
export type ResourceRecord = { name: string; ttl: number } & (
  | { type: "A" | "AAAA" | "CNAME" | "NS"; data: string }
  | { type: "TXT"; data: string[] }
  | { type: "SOA"; data: SoaData }
);

/** One answer in text form. */
export interface DnsAnswer {
  /** The record's name, lower case, no dot at the end. */
  readonly name: string;
  /** Such as `A` or `CNAME`. */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** The address or name (no dot at the end); a TXT's strings in quotes, separated by spaces; an SOA's fields separated by spaces. */
  readonly data: string;
}

/** The text form of a record. */
export function toDnsAnswer(record: ResourceRecord): DnsAnswer {
  const { name, type, ttl } = record;
  return { name, type, ttl, data: dataText(record) };
}

function dataText(record: ResourceRecord): string {
  if (record.type === "TXT") return record.data.map((text) => `"${text}"`).join(" ");
  if (record.type === "SOA") return Object.values(record.data).join(" ");
  return record.data;
}
