import { createHash } from "node:crypto";

/** The account number that every local ARN carries. */
export const ACCOUNT = "000000000000";

/** A resource that the program declares, as the local service that makes it receives it. */
export interface DeclaredResource {
  /** Pulumi type token, such as `aws:dynamodb/table:Table`. */
  readonly type: string;
  /** Pulumi's logical name, unique per type. */
  readonly name: string;
  /** AWS code of the region of the resource's provider, such as `eu-west-1`. */
  readonly region: string;
  /** What Pulumi would name the resource if the program gives no name: the same at every start of one stack. */
  readonly physicalName: string;
  /** The resource's inputs with secrets unwrapped. Assets and archives stay Pulumi's own objects. */
  // The shape differs per resource type and comes from the provider's schema, which has no runtime form here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: Readonly<Record<string, any>>;
}

/** A resource once it exists. */
export interface CreatedResource {
  /** The provider's id of the resource, such as a table's name or a certificate's ARN. */
  readonly id: string;
  /** Computed outputs; they are laid over the inputs. An output left out is `undefined` in the program. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Makes one resource; a rejection stops the start with a message that names the resource. */
export type ResourceHandler = (resource: DeclaredResource) => Promise<CreatedResource>;

/** One AWS service on this machine. */
export interface LocalService {
  /** What the service can make, by Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** Stops every server, timer and child process of the service. */
  close(): Promise<void>;
}

/** `arn:aws:<service>:<region>:<account>:<resource>`; region and account stay empty where AWS leaves them so. */
export function arnOf(service: string, region: string, resource: string): string {
  const account = service === "s3" || service === "apigateway" || service === "route53" ? "" : ACCOUNT;
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** A stable suffix of seven hexadecimal digits, in the manner of Pulumi's auto-naming. */
export function physicalNameOf(stack: string, type: string, name: string): string {
  const digest = createHash("sha256").update(`${stack}/${type}/${name}`).digest("hex");
  return `${name}-${digest.slice(0, 7)}`;
}
