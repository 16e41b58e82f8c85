import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { UNLIMITED_MESSAGES } from "./messages";
import { PACKAGES, PackageProvider, type ProviderOptions } from "./package-provider";

/** The local cloud as resource provider of Pulumi's engine, for the packages `aws` and `awsx`. */
export class ProviderServer {
  private constructor(
    private readonly servers: readonly Server[],
    /** Value of the environment variable `PULUMI_DEBUG_PROVIDERS` that attaches the engine to this provider. */
    readonly debugProviders: string,
  ) {}

  /** Starts the provider on free ports of 127.0.0.1, one per package. */
  static async start(options: ProviderOptions): Promise<ProviderServer> {
    const servers: Server[] = [];
    const attached: string[] = [];
    for (const name of PACKAGES) {
      const server = new Server(UNLIMITED_MESSAGES);
      server.addService(ResourceProviderService, new PackageProvider(name, options).implementation());
      servers.push(server);
      attached.push(`${name}:${await bind(server)}`);
    }
    return new ProviderServer(servers, attached.join(","));
  }

  /** Stops the servers and closes their connections. */
  async close(): Promise<void> {
    for (const server of this.servers) server.forceShutdown();
  }
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
}
