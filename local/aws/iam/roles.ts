import { randomBytes } from "node:crypto";
import type { DeclaredResource } from "../resource";
import type { Statement } from "./policy";

/** Inline policy of a role. */
interface InlinePolicy {
  readonly statements: readonly Statement[];
  /** Number of characters without white space. */
  readonly size: number;
  readonly inputs: DeclaredResource["inputs"];
}

/** Role with its inline policies. A change applies to the next request. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  /** `AROA` and 17 characters; a new role of an old name has another one. */
  readonly uniqueId: string;
  trust: readonly Statement[];
  inputs: DeclaredResource["inputs"];
  /** By name. */
  readonly policies: Map<string, InlinePolicy>;
}

/** Roles of the account. Their names differ in more than upper and lower case, as IAM requires. */
export class Roles {
  private readonly byName = new Map<string, Role>();

  find(name: string): Role | undefined {
    const role = this.byName.get(name.toLowerCase());
    return role?.name === name ? role : undefined;
  }

  /** @throws Error that starts with NoSuchEntity, if there is no such role. */
  get(name: string): Role {
    const role = this.find(name);
    if (!role) throw new Error(`NoSuchEntity: the role with name ${name} cannot be found.`);
    return role;
  }

  /** @throws Error if there is no such role. */
  byArn(arn: string): Role {
    const role = this.find(arn.slice(arn.lastIndexOf("/") + 1));
    if (role?.arn !== arn) throw new Error(`There is no role ${arn}; create it before it is used.`);
    return role;
  }

  /** @throws Error that starts with EntityAlreadyExists, if the name is taken. */
  add(role: Omit<Role, "uniqueId" | "policies">): Role {
    const key = role.name.toLowerCase();
    if (this.byName.has(key))
      throw new Error(`EntityAlreadyExists: role with name ${role.name} already exists.`);
    const added = { ...role, uniqueId: newUniqueId(), policies: new Map<string, InlinePolicy>() };
    this.byName.set(key, added);
    return added;
  }

  remove({ name }: Role): void {
    this.byName.delete(name.toLowerCase());
  }

  clear(): void {
    this.byName.clear();
  }
}

function newUniqueId(): string {
  return `AROA${randomBytes(9).toString("hex").slice(0, 17).toUpperCase()}`;
}
