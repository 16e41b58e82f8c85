import { importModule } from "../aws/import-module";

/** The package `oidc-provider`. */
export type OidcModule = typeof import("oidc-provider");

/**
 * Warning of `oidc-provider` on Node.js 20 and on versions that are not LTS yet. It states what its author tests; this project runs its
 * own tests on these versions. See docs/adr/0018-support-node-20.md.
 */
const RUNTIME_WARNING = "Unsupported runtime.";

let loading: Promise<OidcModule> | undefined;

/** Imports `oidc-provider` when the first issuer starts, because it takes 0.1 s and 27 MB, and without its warning about the runtime. */
export function loadProvider(): Promise<OidcModule> {
  loading ??= importQuietly();
  return loading;
}

async function importQuietly(): Promise<OidcModule> {
  const { warn } = console;
  console.warn = (...values: unknown[]): void => {
    if (!String(values[0]).includes(RUNTIME_WARNING)) warn(...values);
  };
  try {
    return await importModule<OidcModule>("oidc-provider");
  } finally {
    console.warn = warn;
  }
}
