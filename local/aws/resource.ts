import { createHash } from "node:crypto";

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

/** Resource after its creation. */
export interface CreatedResource {
  /** Id that the provider would return, such as the name of a table or the ARN of a certificate. */
  readonly id: string;
  /** Computed outputs, which override the inputs. A missing output is `undefined` in the program. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Creates one resource. A rejected promise stops the start with a message that names the resource. */
export type ResourceHandler = (resource: DeclaredResource) => Promise<CreatedResource>;

/** Emulation of one AWS service. */
export interface LocalService {
  /** Resource handlers by Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
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
  const digest = createHash("sha256").update(`${stack}/${type}/${name}`).digest("hex");
  return `${name}-${digest.slice(0, 7)}`;
}
