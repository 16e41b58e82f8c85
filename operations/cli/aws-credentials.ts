import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { CommandError, reasonOf } from "../../command-line/command-error";

/** The local cloud does not check credentials, but the SDK requires them. */
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * Returns the operator's credentials for calls to one region. STS of that region assumes the role of the profile: by default
 * the SDK would call STS in the region of the profile, which may be down.
 * @param requestHandler limits of the STS calls; SDK defaults if omitted.
 */
export function credentialsFor(
  { code, endpoints }: { readonly code: string; readonly endpoints?: unknown },
  requestHandler?: object,
): ReturnType<typeof defaultProvider> | typeof LOCAL_CREDENTIALS {
  // A copy, because the SDK modifies the object.
  if (endpoints) return { ...LOCAL_CREDENTIALS };
  return defaultProvider({ clientConfig: { region: code, requestHandler } });
}

/** Reports that the SDK found no credentials. @throws CommandError always. */
export function noCredentials(error: unknown): never {
  throw new CommandError(
    `No AWS credentials were found (${reasonOf(error)}); set AWS_PROFILE or run aws sso login.`,
    { cause: error },
  );
}
