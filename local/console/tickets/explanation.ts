import type { Image } from "../../../functions/shared/image";
import { parseVersion, type Version } from "../../../functions/replication/version";

/** Region that an explanation names. */
interface NamedRegion {
  /** Region alias. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
}

/** Replication attribute of an item in words. */
export interface ExplainedAttribute {
  readonly name: string;
  /** Value as stored, as text; undefined if the item has none. */
  readonly value: string | undefined;
  readonly meaning: string;
}

/**
 * Explains the replication attributes of an item.
 * @param holder the region that has the item.
 * @param now milliseconds since 1970.
 */
export function explainAttributes(
  image: Image,
  holder: NamedRegion,
  regions: readonly NamedRegion[],
  now: number,
): ExplainedAttribute[] {
  const named = namer(regions);
  const { version, origin, deleted, expiresAt } = image;
  return [
    { name: "version", value: textOf(version), meaning: versionMeaning(parseVersion(version?.S), named) },
    { name: "origin", value: textOf(origin), meaning: originMeaning(origin?.S, holder, named) },
    ...seenMeanings(image, named),
    { name: "deleted", value: textOf(deleted), meaning: deletedMeaning(image) },
    { name: "expiresAt", value: textOf(expiresAt), meaning: expiryMeaning(image, now) },
  ];
}

type Namer = (code: string) => string;

/** Returns a function from AWS codes to text with the region's alias. */
function namer(regions: readonly NamedRegion[]): Namer {
  return (code) => {
    const region = regions.find((candidate) => candidate.code === code);
    return region ? `${region.name} (${code})` : code;
  };
}

function versionMeaning(version: Version | undefined, named: Namer): string {
  if (!version) return "Not a version. The item cannot be replicated.";
  const { milliseconds, counter, region } = version;
  const time = `Written in ${named(region)} at ${timeText(milliseconds)}.`;
  if (counter === 0) return `${time} Counter 0: the first write of this millisecond.`;
  return `${time} Counter ${counter}: write ${counter + 1} with this time, because the version it replaced is as new or newer than the clock.`;
}

function originMeaning(origin: string | undefined, holder: NamedRegion, named: Namer): string {
  if (origin === undefined) return "Absent. The item cannot be replicated.";
  if (origin === holder.code)
    return `Written in this region, ${holder.name}. The stream forwards it to the other region.`;
  return `Written in ${named(origin)} and replicated to ${holder.name}. It is not forwarded again.`;
}

function seenMeanings({ seen }: Image, named: Namer): ExplainedAttribute[] {
  const entries = Object.entries(seen?.M ?? {});
  if (entries.length === 0)
    return [
      { name: "seen", value: textOf(seen), meaning: "The writer knew no earlier write of this ticket." },
    ];
  return entries.map(([region, known]) => {
    const version = parseVersion(known?.S);
    return {
      name: `seen of ${region}`,
      value: textOf(known),
      meaning: version
        ? `The writer knew all writes in ${named(region)} until ${timeText(version.milliseconds)}, counter ${version.counter}.`
        : "Not a version. It counts as unknown.",
    };
  });
}

function deletedMeaning({ deleted }: Image): string {
  if (deleted?.BOOL === true) return "A tombstone, the record of a delete. The API does not return it.";
  return deleted === undefined
    ? "Absent: the ticket is not deleted."
    : "Not true: the ticket is not deleted.";
}

function expiryMeaning({ deleted, expiresAt }: Image, now: number): string {
  const seconds = Number(expiresAt?.N);
  if (!Number.isFinite(seconds))
    return deleted?.BOOL === true
      ? "Absent. The tombstone never expires."
      : "Absent: only tombstones expire.";
  const days = (seconds * 1000 - now) / (24 * 60 * 60 * 1000);
  if (days <= 0) return `TTL removes the item soon. It expired at ${timeText(seconds * 1000)}.`;
  return `TTL removes the item at ${timeText(seconds * 1000)}, in ${days < 1 ? "less than a day" : `${Math.round(days)} days`}.`;
}

/** Returns a time as ISO 8601 in UTC, or the number if it is out of range. */
function timeText(milliseconds: number): string {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? String(milliseconds) : time.toISOString();
}

/** Returns a value without its type; a map or list as JSON. */
function textOf(value: Image[string] | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = value.S ?? value.N ?? value.BOOL;
  return text === undefined ? JSON.stringify(value) : String(text);
}
