import { runtime } from "@pulumi/pulumi";
import { isPlain } from "./equality";

const { specialSigKey, specialSecretSig } = runtime;

/** Returns a copy of a value with unwrapped secrets. Assets, archives and other instances of classes stay unchanged. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (!isPlain(value)) return value;
  if (value[specialSigKey] === specialSecretSig) return unwrapSecrets(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapSecrets(inner)]));
}
