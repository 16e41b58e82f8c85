import { digestOf } from "./seeded-ids";

/** Account id in every ARN of the local cloud. */
export const ACCOUNT = "000000000000";

/** Resource that the program declares, as its resource handler receives it. */
export interface DeclaredResource {
  /** Pulumi type token, such as `aws:dynamodb/table:Table`. */
  readonly type: string;
  /** Logical name of the resource in Pulumi, unique per type. */
  readonly name: string;
  /** AWS code of the region of the resource's provider, such as `eu-west-1`. */
  readonly region: string;
  /** Name for a resource whose inputs contain none, as Pulumi's auto-naming creates it; the same at every start of a stack. */
  readonly physicalName: string;
  /** Inputs of the resource with secrets unwrapped. Assets and archives are Pulumi's own objects. */
  // The shape differs per resource type. It is defined by the provider's schema, which is not available at run time.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: Readonly<Record<string, any>>;
}

/** Resource after its creation, or as it is now. */
export interface CreatedResource {
  /** Id that the provider would return, such as the name of a table or the ARN of a certificate. */
  readonly id: string;
  /** Computed outputs, which override the inputs. A missing output is `undefined` in the program. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Resource that was created earlier, as its resource handler receives it. */
export interface ExistingResource extends Omit<DeclaredResource, "physicalName">, CreatedResource {}

/** Resource as it is now. */
export interface ReadResource extends CreatedResource {
  /** Inputs that declare the resource as it is now. A difference from the stored inputs is drift. */
  readonly inputs: DeclaredResource["inputs"];
}

/**
 * Life of one resource type. Every rejected promise stops the update of the stack with a message that names the resource.
 *
 * An input that neither `updatable` nor `replacing` lists is rejected (see `checkInputs`), so that nothing is silently ignored. A path
 * with one dot names a field of an object or of the objects of a list, such as `loggingConfig.logGroup`. A listed field decides
 * before a listed input; if only fields of an input are listed, its other fields are rejected.
 */
export interface ResourceHandler {
  /** Inputs that change in place, those without effect here included. */
  readonly updatable: readonly string[];
  /**
   * Inputs whose change replaces the resource, each with its source: file and line of the `ForceNew` or `RequiresReplace` in
   * terraform-provider-aws, or a sentence that says why the input replaces here.
   */
  readonly replacing: Readonly<Record<string, string>>;
  /**
   * Paths of lists that are sets in the provider (`TypeSet` in terraform-provider-aws): a change of their order is no change. A path
   * names inputs and fields, without positions, such as `originGroups.failoverCriteria.statusCodes`.
   */
  readonly unordered?: readonly string[];
  /** What to use instead of an input that is not listed, by input. */
  readonly remedies?: Readonly<Record<string, string>>;
  /** Input that Pulumi fills with the logical name and a random suffix when the program leaves it out. */
  readonly autoName?: {
    readonly input: string;
    /** Maximum length in characters; unlimited by default. */
    readonly maxLength?: number;
  };
  /**
   * Number of tags that the service accepts, 50 by default. A type whose `tags` are updatable also receives `tagsAll`, its tags with the
   * default tags of its provider if that has any.
   */
  readonly maximumTags?: number;
  /** Whether a replacement deletes the old resource first, as for types of which only one can exist. */
  readonly deleteBeforeReplace?: boolean;
  /**
   * Further inputs that replace the resource, for rules between inputs.
   * @returns paths of the changed inputs that replace.
   */
  readonly replacingChanges?: (
    previous: DeclaredResource["inputs"],
    next: DeclaredResource["inputs"],
  ) => readonly string[];
  /**
   * Returns the outputs that an update computes anew, which a preview cannot know (`SetNewComputed` in terraform-provider-aws).
   * @param next all inputs after the change.
   * @param changed names of the changed inputs.
   */
  readonly recomputed?: (next: DeclaredResource["inputs"], changed: readonly string[]) => readonly string[];
  /** Creates the resource. Rejects what is taken, such as a name, as AWS does. */
  create(resource: DeclaredResource): Promise<CreatedResource>;
  /** Returns the resource as it is now, or undefined if it no longer exists. */
  read(resource: ExistingResource): Promise<ReadResource | undefined>;
  /**
   * Changes the resource in place.
   * @param resource resource with the inputs and outputs before the change.
   * @param inputs all inputs after the change.
   * @returns all computed outputs after the change.
   */
  update(resource: ExistingResource, inputs: DeclaredResource["inputs"]): Promise<CreatedResource["outputs"]>;
  /** Deletes the resource; one that no longer exists counts as deleted. Rejects what AWS rejects, such as a bucket with objects. */
  delete(resource: ExistingResource): Promise<void>;
}

/**
 * Registers a child of a remote component and returns it when it exists. Its outputs include its inputs.
 *
 * Whatever drives the component adds the rest: the parent is the component, the provider is the one that the component has for the
 * child's package (its `providers`), and a child is deleted before those that were registered before it.
 */
export type RegisterChild = (
  type: string,
  name: string,
  inputs: Record<string, unknown>,
) => Promise<CreatedResource>;

/**
 * Creates the children of a remote component, a component that runs in its provider, such as `awsx:cloudtrail:Trail`.
 * @returns the component's outputs. A child among them, as `register` returned it, stands for a reference to that child.
 */
export type RemoteComponent = (
  component: Pick<DeclaredResource, "name" | "inputs">,
  register: RegisterChild,
) => Promise<Readonly<Record<string, unknown>>>;

/** Emulation of one AWS service. */
export interface LocalService {
  /** Resource handlers by Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** Remote components by Pulumi type token. */
  readonly remoteComponents?: Readonly<Record<string, RemoteComponent>>;
  /** Stops every server, timer and child process of the service. */
  close(): Promise<void>;
}

/** Returns `arn:aws:<service>:<region>:<account>:<resource>`, without the account where AWS omits it. */
export function arnOf(service: string, region: string, resource: string): string {
  const account = service === "s3" || service === "apigateway" || service === "route53" ? "" : ACCOUNT;
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** Returns the logical name with a suffix of seven hexadecimal digits, as Pulumi's auto-naming does; the same at every start. */
export function physicalNameOf(stack: string, type: string, name: string): string {
  return `${name}-${digestOf(`${stack}/${type}/${name}`).slice(0, 7)}`;
}
