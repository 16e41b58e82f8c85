import { credentials } from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";
import { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { RegisterChild, RemoteComponent } from "../../aws/resource";
import { isPlain } from "../equality";
import { plain, struct, UNLIMITED_MESSAGES } from "./messages";
import { containsSecret, fromWire, secretOf, toWire, UNKNOWN, type WireProperties } from "./wire";

const { specialResourceSig, specialSigKey, unknownValue } = runtime;

/** Package whose provider creates the children. */
const CHILDREN_PACKAGE = "aws";

/**
 * Registers a remote component and its children with the engine that requests it, and returns the component's outputs.
 *
 * In a preview, unknown values are the text that stands for them in the wire format, so that a component can build texts of them, such as
 * a policy. A text that contains an unknown value is unknown.
 * @throws Error that names a component type that is not emulated.
 */
export async function construct(
  request: ConstructRequest,
  remoteComponents: Readonly<Record<string, RemoteComponent>>,
): Promise<ConstructResponse> {
  const type = request.getType();
  if (!Object.hasOwn(remoteComponents, type))
    throw new Error(`The local cloud does not emulate the component ${type}; see docs/local-cloud.md.`);
  const monitor = new ResourceMonitorClient(
    request.getMonitorendpoint(),
    credentials.createInsecure(),
    UNLIMITED_MESSAGES,
  );
  try {
    const registration = new Registration(request, monitor);
    const urn = await registration.registerComponent();
    const inputs = withUnknownText(fromWire(plain(request.getInputs())).inputs) as Record<string, unknown>;
    const outputs = await remoteComponents[type](
      { name: request.getName(), inputs },
      registration.registerChild,
    );
    return await registration.complete(urn, outputs);
  } finally {
    monitor.close();
  }
}

/** Registration of one component. */
class Registration {
  private component = "";
  private readonly childUrns: string[] = [];
  /** References in the wire format, by the child that `registerChild` returned. */
  private readonly references = new Map<unknown, WireProperties>();
  /** Resources on which the component's inputs depend, and with them every child. */
  private readonly dependencies: readonly string[];
  private readonly hasSecrets: boolean;

  constructor(
    private readonly request: ConstructRequest,
    private readonly monitor: ResourceMonitorClient,
  ) {
    const ofInputs = [...request.getInputdependenciesMap().entries()].flatMap(([, urns]) =>
      urns.getUrnsList(),
    );
    this.dependencies = [...request.getDependenciesList(), ...ofInputs];
    this.hasSecrets = containsSecret(plain(request.getInputs()));
  }

  async registerComponent(): Promise<string> {
    const { request } = this;
    const registered = this.prepare(request.getType(), request.getName(), {})
      .setParent(request.getParent())
      .setAliasesList(request.getAliasesList())
      .setAliasspecs(true)
      .setDependenciesList(request.getDependenciesList());
    this.component = (await this.register(registered)).getUrn();
    return this.component;
  }

  /** Registers a child, which depends on every child that was registered before. */
  readonly registerChild: RegisterChild = async (type, name, inputs) => {
    const wire = toWire(withoutUnknownText(inputs) as Record<string, unknown>);
    // Which child receives a secret input of the component is unknown, so the inputs of all are secret.
    const properties = this.hasSecrets
      ? Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, secretOf(value)]))
      : wire;
    const registered = this.prepare(type, name, properties)
      .setCustom(true)
      .setParent(this.component)
      .setProvider(this.request.getProvidersMap().get(CHILDREN_PACKAGE) ?? "")
      .setDependenciesList([...new Set([...this.dependencies, ...this.childUrns])]);
    const response = await this.register(registered);
    this.childUrns.push(response.getUrn());
    const outputs = withUnknownText(fromWire(plain(response.getObject())).inputs) as Record<string, unknown>;
    const child = this.request.getDryrun()
      ? { id: response.getId() || unknownValue, outputs: withUnknownOutputs(outputs) }
      : { id: response.getId(), outputs };
    const reference = { urn: response.getUrn(), id: response.getId() };
    this.references.set(child, { [specialSigKey]: specialResourceSig, ...reference });
    return child;
  };

  async complete(urn: string, outputs: Readonly<Record<string, unknown>>): Promise<ConstructResponse> {
    const withReferences = Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, this.references.get(value) ?? value]),
    );
    const state = toWire(withoutUnknownText(withReferences) as Record<string, unknown>);
    const registered = new RegisterResourceOutputsRequest().setUrn(urn).setOutputs(struct(state));
    await call<unknown>((callback) => this.monitor.registerResourceOutputs(registered, callback));
    const response = new ConstructResponse().setUrn(urn).setState(struct(state));
    for (const name of Object.keys(state))
      response
        .getStatedependenciesMap()
        .set(name, new ConstructResponse.PropertyDependencies().setUrnsList([...this.childUrns]));
    return response;
  }

  /** Prepares the registration of a resource with the options that children inherit. */
  private prepare(type: string, name: string, properties: WireProperties): RegisterResourceRequest {
    const { request } = this;
    const prepared = new RegisterResourceRequest()
      .setType(type)
      .setName(name)
      .setObject(struct(properties))
      .setDeletedwith(request.getDeletedwith())
      .setAcceptsecrets(true)
      .setSupportspartialvalues(true);
    if (request.hasProtect()) prepared.setProtect(request.getProtect() === true);
    if (request.hasRetainondelete()) prepared.setRetainondelete(request.getRetainondelete() === true);
    return prepared;
  }

  private register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    return call((callback) => this.monitor.registerResource(request, callback));
  }
}

function call<T>(send: (callback: (error: Error | null, response: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    send((error, response) => (error ? reject(error) : resolve(response))),
  );
}

/** Outputs of a child in a preview: every output that the engine leaves out is unknown. */
function withUnknownOutputs(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return new Proxy(outputs, {
    get: (target, name) =>
      typeof name === "string" && !(name in target) ? unknownValue : Reflect.get(target, name),
  });
}

function withUnknownText(value: unknown): unknown {
  return mapped(value, (one) => (one === UNKNOWN ? unknownValue : one));
}

function withoutUnknownText(value: unknown): unknown {
  return mapped(value, (one) => (typeof one === "string" && one.includes(unknownValue) ? UNKNOWN : one));
}

/** Returns a copy of a value in which every value that is no list or plain object is converted. */
function mapped(value: unknown, convert: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => mapped(one, convert));
  if (!isPlain(value)) return convert(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, convert)]));
}
