import { status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { version as awsVersion } from "@pulumi/aws/package.json";
import { version as awsxVersion } from "@pulumi/awsx/package.json";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { RemoteComponent } from "../../aws/resource";
import { defaultTagsOf } from "../default-tags";
import { typeAndNameOf } from "../urn";
import { changesOf, diffResponse, plain, storedOf, struct, unary } from "./messages";
import { construct } from "./remote-components";
import {
  ResourceOperations,
  type RequestedResource,
  type ResourceOperationsOptions,
} from "./resource-operations";
import { fromWire, isText } from "./wire";

/** Options of a provider. */
export interface ProviderOptions extends ResourceOperationsOptions {
  /** By Pulumi type token. */
  readonly remoteComponents: Readonly<Record<string, RemoteComponent>>;
  /** Throws an error for a region whose endpoints do not respond; by default every region responds. */
  readonly checkReachable?: (region: string) => void;
  /** Returns the versions that the providers report to the engine; those of the SDK's packages where it returns none. */
  readonly versions?: () => Partial<Readonly<Record<ProviderPackage, string>>>;
}

/** Packages of the provider. */
export const PACKAGES = ["aws", "awsx"] as const;

export type ProviderPackage = (typeof PACKAGES)[number];

const VERSIONS: Readonly<Record<ProviderPackage, string>> = { aws: awsVersion, awsx: awsxVersion };

/** Provider of one package. The engine opens a connection for each provider resource, and configures it first. */
export class PackageProvider {
  private readonly operations: ResourceOperations;
  /** Settings of the provider resource by address of the client's end of the connection. */
  private readonly settings = new Map<string, Pick<RequestedResource, "region" | "defaultTags">>();

  constructor(
    private readonly name: ProviderPackage,
    private readonly options: ProviderOptions,
  ) {
    this.operations = new ResourceOperations(options);
  }

  implementation(): IResourceProviderServer {
    const notParameterized = (): Promise<never> =>
      Promise.reject(new Error("The providers of the local cloud take no parameters."));
    return {
      handshake: unary((_request: proto.ProviderHandshakeRequest, peer) => this.handshake(peer)),
      attach: unary(async () => new Empty()),
      getPluginInfo: unary(async () => new PluginInfo().setVersion(this.version)),
      getSchema: unary(async () =>
        new proto.GetSchemaResponse().setSchema(JSON.stringify({ name: this.name, version: this.version })),
      ),
      getMapping: unary(async () => new proto.GetMappingResponse()),
      getMappings: unary(async () => new proto.GetMappingsResponse()),
      parameterize: unary(notParameterized),
      checkConfig: unary(async (request: proto.CheckRequest) =>
        new proto.CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: unary(async (request: proto.DiffRequest) => this.diffConfig(request)),
      configure: unary((request: proto.ConfigureRequest, peer) => this.configure(request, peer)),
      invoke: unary((request: proto.InvokeRequest) => rejectCall(request.getTok())),
      call: unary((request: proto.CallRequest) => rejectCall(request.getTok())),
      check: unary((request: proto.CheckRequest, peer) => this.check(request, peer)),
      diff: unary((request: proto.DiffRequest, peer) => this.diff(request, peer)),
      create: unary((request: proto.CreateRequest, peer) => this.create(request, peer)),
      read: unary((request: proto.ReadRequest, peer) => this.read(request, peer)),
      update: unary((request: proto.UpdateRequest, peer) => this.update(request, peer)),
      delete: unary((request: proto.DeleteRequest, peer) => this.delete(request, peer)),
      list: (call) => call.emit("error", { code: status.UNIMPLEMENTED, details: "Not supported here." }),
      construct: unary((request: proto.ConstructRequest) =>
        construct(request, this.options.remoteComponents),
      ),
      cancel: unary(async () => new Empty()),
    };
  }

  private get version(): string {
    return this.options.versions?.()[this.name] ?? VERSIONS[this.name];
  }

  private async handshake(peer: string): Promise<proto.ProviderHandshakeResponse> {
    // The system may reuse the port of a connection that was closed.
    this.settings.delete(peer);
    // The engine unwraps the secrets of resources, which handlers take as plain values. It requires secrets for components.
    return new proto.ProviderHandshakeResponse().setAcceptSecrets(this.name === "awsx");
  }

  private async configure(request: proto.ConfigureRequest, peer: string): Promise<proto.ConfigureResponse> {
    const { inputs } = fromWire(plain(request.getArgs()));
    const { region, stsRegion } = inputs;
    // The provider of AWS gets the account id from STS. See GetAwsAccountIDAndPartition in hashicorp/aws-sdk-go-base.
    const sts = [stsRegion, region].find(isText);
    if (sts !== undefined) this.options.checkReachable?.(sts);
    if (isText(region)) this.settings.set(peer, { region, defaultTags: defaultTagsOf(inputs) });
    else if (this.name === "aws")
      throw new Error(
        `The provider ${request.getName()} has no region, so the region would depend on the environment of the caller. Set its region.`,
      );
    return new proto.ConfigureResponse().setSupportspreview(true).setAcceptsecrets(this.name === "awsx");
  }

  /** Another region replaces the provider and all of its resources. */
  private diffConfig(request: proto.DiffRequest): proto.DiffResponse {
    const [olds, news] = [plain(request.getOldInputs() ?? request.getOlds()), plain(request.getNews())];
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changed = names.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
    return new proto.DiffResponse()
      .setChanges(changesOf(changed.length > 0))
      .setDiffsList(changed)
      .setReplacesList(changed.filter((name) => name === "region"));
  }

  private async check(request: proto.CheckRequest, peer: string): Promise<proto.CheckResponse> {
    const { inputs, problems } = this.operations.check(this.resourceOf(request, peer), {
      olds: plain(request.getOlds()),
      news: plain(request.getNews()),
      seed: request.getRandomseed_asU8(),
    });
    const failures = problems.map(({ property, reason }) =>
      new proto.CheckFailure().setProperty(property).setReason(reason),
    );
    return new proto.CheckResponse().setInputs(struct(inputs)).setFailuresList(failures);
  }

  private async diff(request: proto.DiffRequest, peer: string): Promise<proto.DiffResponse> {
    const olds = plain(request.getOldInputs());
    return diffResponse(
      await this.operations.diff(this.resourceOf(request, peer), olds, plain(request.getNews())),
    );
  }

  private async create(request: proto.CreateRequest, peer: string): Promise<proto.CreateResponse> {
    const properties = plain(request.getProperties());
    const { id, outputs } = await this.operations.create(
      this.resourceOf(request, peer),
      properties,
      request.getPreview(),
    );
    return new proto.CreateResponse().setId(id).setProperties(struct(outputs));
  }

  private async read(request: proto.ReadRequest, peer: string): Promise<proto.ReadResponse> {
    const stored = storedOf(request.getId(), request.getProperties(), request.getInputs());
    const now = await this.operations.read(this.resourceOf(request, peer), stored);
    // An empty id stands for a resource that no longer exists.
    if (!now) return new proto.ReadResponse();
    return new proto.ReadResponse()
      .setId(now.id)
      .setProperties(struct(now.outputs))
      .setInputs(struct(now.inputs));
  }

  private async update(request: proto.UpdateRequest, peer: string): Promise<proto.UpdateResponse> {
    const stored = storedOf(request.getId(), request.getOlds(), request.getOldInputs());
    const outputs = await this.operations.update(
      this.resourceOf(request, peer),
      stored,
      plain(request.getNews()),
      request.getPreview(),
    );
    return new proto.UpdateResponse().setProperties(struct(outputs));
  }

  private async delete(request: proto.DeleteRequest, peer: string): Promise<Empty> {
    const stored = storedOf(request.getId(), request.getProperties(), request.getOldInputs());
    await this.operations.delete(this.resourceOf(request, peer), stored);
    return new Empty();
  }

  /** @throws Error if the connection is not configured, as after a lost connection, which the engine replaces without configuring it. */
  private resourceOf(request: { getUrn(): string }, peer: string): RequestedResource {
    const settings = this.settings.get(peer);
    const { type, name } = typeAndNameOf(request.getUrn());
    if (settings) return { type, name, ...settings };
    throw new Error(
      `${type} "${name}": the connection to the local cloud was interrupted, and the new one has no region. ` +
        "Run the command again.",
    );
  }
}

/** Rejects a call of a provider function. */
function rejectCall(token: string): Promise<never> {
  return Promise.reject(new Error(`The program calls ${token}, which the local cloud does not emulate.`));
}
