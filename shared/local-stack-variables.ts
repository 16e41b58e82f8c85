/**
 * Returns the environment variables with which the Pulumi CLI works on a stack whose resources are on a local cloud.
 * @param backend folder of the states, an absolute path.
 * @param debugProviders value of `PULUMI_DEBUG_PROVIDERS`, the addresses of the local cloud's providers.
 */
export function localStackVariables(backend: string, debugProviders: string): Record<string, string> {
  return {
    // The CLI writes the metadata beside each state in place, so that a killed one leaves an empty file, with which no command can read
    // the state; see "failed to load checkpoint: EOF" in docs/troubleshooting.md.
    PULUMI_BACKEND_URL: `file://${backend}?metadata=skip`,
    // The states contain no secrets of anyone: all resources are on this machine.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_DEBUG_PROVIDERS: debugProviders,
    // The engine asks for no plugin, and must not look for one on the network.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
