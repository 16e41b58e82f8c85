import { Setting } from "./reader";

/** ARN of a KMS key by region alias; empty for AWS owned keys. */
export type KmsKeys = Readonly<Record<string, string | undefined>>;

/** Region, as far as its key depends on it. */
interface KeyRegion {
  readonly name: string;
  readonly code: string;
}

/** A key, not an alias: policies of roles name the key. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/;

/**
 * Setting of the KMS keys. All regions have one or none has, so that the data of one ticket has the same protection everywhere.
 * @param regions undefined if the regions are invalid themselves; then only the form of the keys is checked.
 */
export function kmsKeysOf(regions: readonly KeyRegion[] | undefined): Setting<KmsKeys> {
  const [alias = "ireland", code = "eu-west-1"] = regions ? [regions[0].name, regions[0].code] : [];
  return {
    allowed:
      "an object with the ARN of one KMS key (arn:aws:kms:…:key/…, no alias) for each region alias, in that region, or empty",
    fix: `pulumi config set --path 'KEY.${alias}' arn:aws:kms:${code}:ACCOUNT:key/ID, likewise for the other region, or pulumi config rm KEY`,
    optional: true,
    parse: (text) => parseKeys(text === "" ? "{}" : text, regions),
  };
}

function parseKeys(text: string, regions: readonly KeyRegion[] | undefined): KmsKeys | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const keys = Object.entries(value as Record<string, unknown>);
  const codes = keys.map(([, arn]) => KEY_ARN.exec(String(arn))?.[1]);
  if (codes.includes(undefined)) return undefined;
  if (keys.length > 0 && regions) {
    const isComplete = keys.length === regions.length;
    const isInPlace = regions.every(
      ({ name, code }) => codes[keys.findIndex(([alias]) => alias === name)] === code,
    );
    if (!isComplete || !isInPlace) return undefined;
  }
  return Object.fromEntries(keys) as KmsKeys;
}
