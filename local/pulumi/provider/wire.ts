import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Properties of a resource in the JSON form of Pulumi's wire format. */
export type WireProperties = Record<string, unknown>;

/** Stands for a value that is known only after an update, in a preview. */
class Unknown {
  readonly isUnknown = true;
}

/** The unknown value in the inputs of a preview. */
export const UNKNOWN: Unknown = Object.freeze(new Unknown());

const {
  specialSigKey,
  specialAssetSig,
  specialArchiveSig,
  specialSecretSig,
  specialResourceSig,
  specialOutputValueSig,
  unknownValue,
} = pulumi.runtime;

/** Inputs that the provider generated, as in the inputs of Pulumi's bridged providers. */
const DEFAULTS = "__defaults";

/** The engine leaves out an empty text as it leaves out content. */
const HASH_OF_EMPTY_TEXT = createHash("sha256").digest("hex");

/** Wire form of each asset and archive that this process received, with the hash that the engine computed, and of texts to return. */
const wireForms = new WeakMap<object, WireProperties>();

/** Asset whose content the engine left out, because only its hash matters. */
class HashedAsset extends pulumi.asset.Asset {}

/** Archive whose content the engine left out, because only its hash matters. */
class HashedArchive extends pulumi.asset.Archive {}

/** Inputs in the form of resource handlers, and the names of the generated ones. */
export interface ReceivedInputs {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly defaults: readonly string[];
}

/**
 * Converts inputs to the form of resource handlers: secrets are unwrapped, assets and archives are Pulumi's objects with a `hash`,
 * unknown values are `UNKNOWN`.
 */
export function fromWire(properties: WireProperties): ReceivedInputs {
  const { [DEFAULTS]: defaults, ...inputs } = properties;
  return {
    inputs: fromWireValue(inputs) as Record<string, unknown>,
    defaults: Array.isArray(defaults) ? defaults.map(String) : [],
  };
}

/** Converts inputs or outputs of a resource handler to the wire format. Undefined values are left out. */
export function toWire(
  properties: Readonly<Record<string, unknown>>,
  defaults: readonly string[] = [],
): WireProperties {
  const converted = toWireValue(properties) as WireProperties;
  return defaults.length > 0 ? { ...converted, [DEFAULTS]: [...defaults] } : converted;
}

/** Makes the texts that a resource handler returns as assets convertible by `toWire`, such as the content of an object that has drifted. */
export async function prepareTexts(properties: Readonly<Record<string, unknown>>): Promise<void> {
  for (const value of Object.values(properties)) {
    if (!(value instanceof pulumi.asset.StringAsset) || wireForms.has(value)) continue;
    const text = await value.text;
    const hash = createHash("sha256").update(text).digest("hex");
    wireForms.set(value, { [specialSigKey]: specialAssetSig, hash, text });
  }
}

/** Returns whether properties in the wire format contain a secret at any depth. */
export function containsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ((value as WireProperties)[specialSigKey] === specialSecretSig) return true;
  return Object.values(value).some(containsSecret);
}

/** Returns a secret in the wire format. */
export function secretOf(value: unknown): WireProperties {
  return { [specialSigKey]: specialSecretSig, value };
}

function fromWireValue(value: unknown): unknown {
  if (value === unknownValue) return UNKNOWN;
  if (Array.isArray(value)) return value.map(fromWireValue);
  if (typeof value !== "object" || value === null) return value;
  const properties = value as WireProperties;
  switch (properties[specialSigKey]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(properties).map(([key, inner]) => [key, fromWireValue(inner)]),
      );
    case specialSecretSig:
      return fromWireValue(properties.value);
    case specialAssetSig:
      return received(assetOf(properties), properties);
    case specialArchiveSig:
      return received(archiveOf(properties), properties);
    case specialOutputValueSig:
      return properties.value === undefined ? UNKNOWN : fromWireValue(properties.value);
    case specialResourceSig:
      return referenceOf(properties);
    default:
      throw new Error(
        `The value has the signature ${String(properties[specialSigKey])}, which is not supported here.`,
      );
  }
}

function received<T extends object>(content: T, wire: WireProperties): T {
  wireForms.set(content, wire);
  return Object.assign(content, { hash: wire.hash });
}

function assetOf({ path, text, uri, hash }: WireProperties): pulumi.asset.Asset {
  if (isText(path)) return new pulumi.asset.FileAsset(path);
  if (isText(uri)) return new pulumi.asset.RemoteAsset(uri);
  if (isText(text) || hash === HASH_OF_EMPTY_TEXT) return new pulumi.asset.StringAsset(String(text ?? ""));
  return new HashedAsset();
}

function archiveOf({ path, assets, uri }: WireProperties): pulumi.asset.Archive {
  if (typeof assets === "object" && assets !== null)
    return new pulumi.asset.AssetArchive(fromWireValue(assets) as pulumi.asset.AssetMap);
  if (isText(path)) return new pulumi.asset.FileArchive(path);
  return isText(uri) ? new pulumi.asset.RemoteArchive(uri) : new HashedArchive();
}

/** Returns whether a value is a text that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** A resource stands for its id, or a component for its URN. */
function referenceOf({ id, urn }: WireProperties): unknown {
  return id === undefined ? urn : id === "" ? UNKNOWN : fromWireValue(id);
}

function toWireValue(value: unknown): unknown {
  if (value === UNKNOWN) return unknownValue;
  if (Array.isArray(value)) return value.map((inner) => toWireValue(inner) ?? null);
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value)) {
    const wire = wireForms.get(value);
    if (wire) return wire;
    throw new Error("An asset or archive that the engine did not send cannot be returned to it.");
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, toWireValue(inner)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}
