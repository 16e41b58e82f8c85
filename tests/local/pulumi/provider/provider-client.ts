import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { plain, struct } from "../../../../local/pulumi/provider/messages";
import type { WireProperties } from "../../../../local/pulumi/provider/wire";

/** Type of the resources in the tests of the provider. */
export const THING = "aws:test/thing:Thing";

/** URN of the resource in the tests of the provider. */
export const URN = `urn:pulumi:ireland::tickets::tickets:test:Group$${THING}::thing`;

/** Client of a provider, as the engine is one for each provider resource. */
export class ProviderClient {
  private readonly client: ResourceProviderClient;

  /** @param debugProviders `aws:PORT,awsx:PORT`. */
  constructor(debugProviders: string, packageName = "aws") {
    const port = new RegExp(`(?:^|,)${packageName}:(\\d+)`).exec(debugProviders)?.[1];
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      // Without it, clients of one process share a connection.
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  close(): void {
    this.client.close();
  }

  async handshake(): Promise<proto.ProviderHandshakeResponse.AsObject> {
    const send = promisify(this.client.handshake.bind(this.client)) as Send<
      proto.ProviderHandshakeRequest,
      proto.ProviderHandshakeResponse
    >;
    return (await send(new proto.ProviderHandshakeRequest())).toObject();
  }

  async configure(args: WireProperties): Promise<void> {
    const send = promisify(this.client.configure.bind(this.client)) as Send<proto.ConfigureRequest, unknown>;
    await send(new proto.ConfigureRequest().setName("ireland").setArgs(struct(args)));
  }

  async diffConfig(olds: WireProperties, news: WireProperties): Promise<proto.DiffResponse> {
    const send = promisify(this.client.diffConfig.bind(this.client)) as Send<
      proto.DiffRequest,
      proto.DiffResponse
    >;
    return send(new proto.DiffRequest().setOldInputs(struct(olds)).setNews(struct(news)));
  }

  async check(
    news: WireProperties,
    {
      olds = {},
      seed = new Uint8Array(32),
      urn = URN,
    }: { olds?: WireProperties; seed?: Uint8Array; urn?: string } = {},
  ): Promise<{ inputs: WireProperties; failures: proto.CheckFailure.AsObject[] }> {
    const send = promisify(this.client.check.bind(this.client)) as Send<
      proto.CheckRequest,
      proto.CheckResponse
    >;
    const request = new proto.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
    const response = await send(request.setRandomseed(seed));
    const failures = response.getFailuresList().map((failure) => failure.toObject());
    return { inputs: plain(response.getInputs()), failures };
  }

  async diff(olds: WireProperties, news: WireProperties): Promise<proto.DiffResponse> {
    const send = promisify(this.client.diff.bind(this.client)) as Send<proto.DiffRequest, proto.DiffResponse>;
    return send(
      new proto.DiffRequest()
        .setId("id")
        .setUrn(URN)
        .setOldInputs(struct(olds))
        .setOlds(struct({}))
        .setNews(struct(news)),
    );
  }

  async create(
    properties: WireProperties,
    { preview = false, urn = URN } = {},
  ): Promise<{ id: string; outputs: WireProperties }> {
    const send = promisify(this.client.create.bind(this.client)) as Send<
      proto.CreateRequest,
      proto.CreateResponse
    >;
    const request = new proto.CreateRequest().setUrn(urn).setProperties(struct(properties));
    const response = await send(request.setPreview(preview));
    return { id: response.getId(), outputs: plain(response.getProperties()) };
  }

  async read(
    id: string,
    { inputs = {}, outputs = {} }: { inputs?: WireProperties; outputs?: WireProperties } = {},
  ): Promise<{ id: string; inputs: WireProperties; outputs: WireProperties }> {
    const send = promisify(this.client.read.bind(this.client)) as Send<proto.ReadRequest, proto.ReadResponse>;
    const request = new proto.ReadRequest().setId(id).setUrn(URN).setInputs(struct(inputs));
    const response = await send(request.setProperties(struct(outputs)));
    return {
      id: response.getId(),
      inputs: plain(response.getInputs()),
      outputs: plain(response.getProperties()),
    };
  }

  async update(
    olds: { id: string; inputs: WireProperties; outputs: WireProperties },
    news: WireProperties,
    { preview = false } = {},
  ): Promise<WireProperties> {
    const send = promisify(this.client.update.bind(this.client)) as Send<
      proto.UpdateRequest,
      proto.UpdateResponse
    >;
    const request = new proto.UpdateRequest().setId(olds.id).setUrn(URN).setOldInputs(struct(olds.inputs));
    const response = await send(
      request.setOlds(struct(olds.outputs)).setNews(struct(news)).setPreview(preview),
    );
    return plain(response.getProperties());
  }

  async delete(
    id: string,
    { inputs = {}, outputs = {} }: { inputs?: WireProperties; outputs?: WireProperties } = {},
  ): Promise<void> {
    const send = promisify(this.client.delete.bind(this.client)) as Send<proto.DeleteRequest, unknown>;
    await send(
      new proto.DeleteRequest()
        .setId(id)
        .setUrn(URN)
        .setOldInputs(struct(inputs))
        .setProperties(struct(outputs)),
    );
  }

  async invoke(token: string): Promise<void> {
    const send = promisify(this.client.invoke.bind(this.client)) as Send<proto.InvokeRequest, unknown>;
    await send(new proto.InvokeRequest().setTok(token));
  }

  async construct(request: proto.ConstructRequest): Promise<proto.ConstructResponse> {
    const send = promisify(this.client.construct.bind(this.client)) as Send<
      proto.ConstructRequest,
      proto.ConstructResponse
    >;
    return send(request);
  }
}

/** Generated methods of the client have three overloads, of which `promisify` takes another one. */
type Send<Request, Response> = (request: Request) => Promise<Response>;
