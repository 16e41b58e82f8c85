import { Setting } from "./reader";

/** Tags of every resource that can have tags, by key. */
export type Tags = Readonly<Record<string, string>>;

/** Tags that the program gives every resource itself. */
export const OWN_TAGS = ["pulumi:project", "pulumi:stack"] as const;

/**
 * Most services accept 50 tags, but a health check, a hosted zone and an S3 object only 10. Three of a health check are the program's own.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
const MAXIMUM_TAGS = 7;

/** Characters that every service accepts: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** Setting of the tags for every resource. */
export const DEFAULT_TAGS: Setting<Tags> = {
  allowed: `an object of at most ${MAXIMUM_TAGS} tags, or empty: keys of 1 to 128 and values of up to 256 letters, digits, spaces and _.:/=+-@`,
  fix: "pulumi config set --path 'KEY.team' support, with no key that begins with aws: or is pulumi:project or pulumi:stack",
  optional: true,
  parse: (text) => parseTags(text === "" ? "{}" : text),
};

function parseTags(text: string): Tags | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const tags = Object.entries(value as Record<string, unknown>).map(
    ([key, one]) => [key, textOf(one)] as const,
  );
  // The keys of an IAM role's tags differ without regard to case: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
  const areDistinct = new Set(tags.map(([key]) => key.toLowerCase())).size === tags.length;
  const areValid = tags.every(([key, one]) => isFreeKey(key) && one !== undefined && VALUE.test(one));
  if (!areValid || !areDistinct || tags.length > MAXIMUM_TAGS) return undefined;
  return Object.fromEntries(tags) as Tags;
}

/** `pulumi config set --path` stores integers, true and false as such. */
function textOf(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}

function isFreeKey(key: string): boolean {
  const isOwn = (OWN_TAGS as readonly string[]).includes(key.toLowerCase());
  return KEY.test(key) && !/^aws:/i.test(key) && !isOwn;
}
