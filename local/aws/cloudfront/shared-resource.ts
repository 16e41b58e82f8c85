import { idOf } from "../inputs";
import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";
import type { Shared } from "./model";

/** A kind of policies, or origin access controls. */
export interface SharedKind<T> {
  /** Start of its error names, such as `CachePolicy`. */
  readonly errorPrefix: string;
  /** Type in its ARN, such as `cache-policy`. */
  readonly arnType: string;
  /** Inputs of the resource. None of them replaces it. */
  readonly inputs: readonly string[];
  /** Paths of lists without an order; see `ResourceHandler`. */
  readonly unordered?: readonly string[];
  /** Reads the settings. @throws Error that names an input that is not supported. */
  readonly read: (inputs: DeclaredResource["inputs"]) => T;
  /** Returns the ids of the distributions that refer to one, which then cannot be deleted. */
  readonly usersOf: (id: string) => readonly string[];
}

/** All policies, or all origin access controls. Their names are unique in the account, and an update applies at once. */
export class SharedResources<T> {
  readonly handler: ResourceHandler;
  private readonly resources = new Map<string, Shared<T>>();

  constructor(private readonly kind: SharedKind<T>) {
    this.handler = {
      updatable: kind.inputs,
      unordered: kind.unordered,
      // In internal/service/cloudfront/{cache_policy,origin_access_control,response_headers_policy}.go no attribute is ForceNew.
      replacing: {},
      // Pulumi's bridge limits names that it generates to 255 characters where provider/resources.go sets no other limit.
      autoName: { input: "name", maxLength: 255 },
      create: async (resource) => this.create(resource),
      read: async ({ id }) => {
        const found = this.resources.get(id);
        return found && { ...this.describe(found), inputs: found.inputs };
      },
      update: async ({ id }, inputs) => this.update(id, inputs),
      delete: async ({ id }) => this.delete(id),
    };
  }

  find(id: string): Shared<T> | undefined {
    return this.resources.get(id);
  }

  private create(resource: DeclaredResource): CreatedResource {
    const { inputs } = resource;
    const id = idOf(resource, 20);
    this.checkName(inputs.name);
    const settings = this.kind.read(inputs);
    const created = { id, name: String(inputs.name), settings, inputs, version: 1 };
    this.resources.set(id, created);
    return this.describe(created);
  }

  private update(id: string, inputs: DeclaredResource["inputs"]): CreatedResource["outputs"] {
    const found = this.resources.get(id);
    const { errorPrefix } = this.kind;
    if (!found) throw new Error(`NoSuch${errorPrefix}: there is no ${id}.`);
    this.checkName(inputs.name, found);
    const settings = this.kind.read(inputs);
    Object.assign(found, { name: String(inputs.name), settings, inputs, version: found.version + 1 });
    return this.describe(found).outputs;
  }

  private delete(id: string): void {
    const { errorPrefix, usersOf } = this.kind;
    const users = usersOf(id);
    if (users.length > 0)
      throw new Error(
        `${errorPrefix}InUse: ${this.resources.get(id)?.name} (${id}) is in use by the distribution ${users.join(" and ")}. Remove it from the distribution first.`,
      );
    this.resources.delete(id);
  }

  private checkName(name: string, current?: Shared<T>): void {
    const twin = [...this.resources.values()].find((other) => other.name === name && other !== current);
    if (twin)
      throw new Error(
        `${this.kind.errorPrefix}AlreadyExists: the name ${name} is taken by ${twin.id}. Choose another name.`,
      );
  }

  private describe({ id, name, version }: Shared<T>): CreatedResource {
    const arn = arnOf("cloudfront", "", `${this.kind.arnType}/${id}`);
    return { id, outputs: { name, arn, etag: `E${version}` } };
  }
}
