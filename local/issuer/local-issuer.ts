import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import { closeServer, listen } from "../aws/listen";
import { newMachineClient, webUiOrigins, type MachineClient } from "./clients";
import { rejectForeignOrigin, securityHeaders } from "./cross-origin";
import { IssuerKeys, type KeyRotation } from "./issuer-keys";
import { loadProvider, type OidcModule } from "./load-provider";
import { MemoryAdapter } from "./memory-adapter";
import { FILES } from "./pages";
import { createProvider, type IssuerState } from "./provider";
import { settingsOf, type IssuerOptions } from "./settings";
import { handleSignIn, isSignInPath } from "./sign-in";
import { sendUserInfo, USER_INFO_PATH } from "./user-info";

const PURPOSE = "the local issuer";

/**
 * OpenID Connect issuer of the local cloud: an agent and a viewer sign in without a password, commands use the machine client. It is in no
 * region. Its clock is that of the machine, whatever the speed of the local cloud.
 */
export class LocalIssuer {
  private provider: Provider;
  /** Handler of the provider, which assembles a new one with every call of `callback`. */
  private serve: ReturnType<Provider["callback"]>;
  private rotation: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly oidc: OidcModule,
    private readonly state: IssuerState,
    private keys: IssuerKeys,
  ) {
    this.provider = createProvider(oidc, state, keys);
    this.serve = this.provider.callback();
  }

  /** @throws PortInUseError when another program uses the port, or Error for a setting that is wrong. */
  static async start(options: IssuerOptions): Promise<LocalIssuer> {
    const settings = settingsOf(options);
    const [oidc, keys] = await Promise.all([loadProvider(), IssuerKeys.generate()]);
    const server = createServer();
    const port = await listen(server, { port: settings.port, purpose: PURPOSE });
    const entries = new Map<string, MemoryAdapter>();
    const state: IssuerState = {
      ...{ settings, url: `http://127.0.0.1:${port}`, machine: newMachineClient() },
      cookieKey: randomBytes(32).toString("base64url"),
      entries: (kind) => {
        const found = entries.get(kind) ?? new MemoryAdapter();
        entries.set(kind, found);
        return found;
      },
    };
    const issuer = new LocalIssuer(server, port, oidc, state, keys);
    server.on("request", (request, response) => {
      issuer.handle(request, response).catch((error: Error) => {
        settings.log("issuer", `Failed: ${error.message}`);
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      });
    });
    return issuer;
  }

  /** Value of the claim `iss`, and start of the address of its configuration. */
  get url(): string {
    return this.state.url;
  }

  /** Credentials for commands, with a secret of this start. A token has only the scopes that its request names. */
  get machineClient(): MachineClient {
    return this.state.machine;
  }

  /** False during an outage. */
  get isRunning(): boolean {
    return this.server.listening;
  }

  /** Starts an outage: connections are refused. Sessions, tokens and keys remain. */
  async stop(): Promise<void> {
    await closeServer(this.server);
  }

  /** Ends an outage. @throws PortInUseError when another program has taken the port. */
  async resume(): Promise<void> {
    if (!this.isRunning) await listen(this.server, { port: this.port, purpose: PURPOSE });
  }

  /** Signs new tokens with another key and publishes it. Also possible during an outage. */
  rotateKeys(rotation: KeyRotation = {}): Promise<void> {
    // One at a time: otherwise the key of one of two rotations would vanish, with tokens that it had signed.
    // A rotation that fails does not prevent the next one.
    this.rotation = this.rotation.catch(() => undefined).then(() => this.replaceKeys(rotation));
    return this.rotation;
  }

  async close(): Promise<void> {
    await closeServer(this.server);
  }

  private async replaceKeys(rotation: KeyRotation): Promise<void> {
    this.keys = await this.keys.rotated(rotation);
    // A provider cannot change its keys. The new one has the same sessions and grants.
    this.provider = createProvider(this.oidc, this.state, this.keys);
    this.serve = this.provider.callback();
    this.state.settings.log("issuer", `Signs with the key ${this.keys.currentId}.`);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { settings, url } = this.state;
    const origins = webUiOrigins(settings);
    const [path] = (request.url ?? "/").split("?", 1);
    for (const [name, value] of Object.entries(securityHeaders(origins))) response.setHeader(name, value);
    if (rejectForeignOrigin(request, response, path, origins)) return;
    if (path === USER_INFO_PATH)
      return sendUserInfo(request, response, { issuer: url, audience: settings.audience, keys: this.keys });
    if (isSignInPath(path)) return handleSignIn(this.provider, request, response, settings.log);
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    if (!file) return this.serve(request, response);
    response.setHeader("content-type", file.contentType);
    response.end(file.content);
  }
}
