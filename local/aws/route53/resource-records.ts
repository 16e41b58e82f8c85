/** Data of a start-of-authority record, as dns-packet expects it. Times are in seconds. */
interface SoaData {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** Resource record of a DNS message. `ttl` is in seconds. */
export type ResourceRecord = { name: string; ttl: number } & (
  | { type: "A" | "AAAA" | "CNAME" | "NS"; data: string }
  | { type: "TXT"; data: string[] }
  | { type: "SOA"; data: SoaData }
);

/** Answer in text form. */
export interface DnsAnswer {
  /** Name of the record in lower case, without the final dot. */
  readonly name: string;
  /** Record type, such as `A` or `CNAME`. */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** Address, name without the final dot, quoted strings of a TXT separated by spaces, or fields of an SOA separated by spaces. */
  readonly data: string;
}

/** Converts a record to text form. */
export function toDnsAnswer(record: ResourceRecord): DnsAnswer {
  const { name, type, ttl } = record;
  return { name, type, ttl, data: dataText(record) };
}

function dataText(record: ResourceRecord): string {
  if (record.type === "TXT") return record.data.map((text) => `"${text}"`).join(" ");
  if (record.type === "SOA") return Object.values(record.data).join(" ");
  return record.data;
}
