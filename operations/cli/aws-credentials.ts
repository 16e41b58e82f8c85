import { defaultProvider } from "@aws-sdk/credential-provider-node";

/** The local cloud checks none, but the SDK wants some. */
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * The caller's own credentials, for calls to one region. A role of the profile is taken by STS of that very region: left
 * to itself, the SDK asks the region that the profile names, which may be the lost one.
 * @param requestHandler how STS is called; as AWS's SDK does by itself when left out.
 */
export function credentialsFor(
  { code, endpoints }: { readonly code: string; readonly endpoints?: unknown },
  requestHandler?: object,
): ReturnType<typeof defaultProvider> | typeof LOCAL_CREDENTIALS {
  // A copy: the SDK writes into what it is given.
  if (endpoints) return { ...LOCAL_CREDENTIALS };
  return defaultProvider({ clientConfig: { region: code, requestHandler } });
}
