/** What a user or a machine may do with tickets. */
export type Right = "read" | "write" | "delete";

/** All rights. */
export const RIGHTS: readonly Right[] = ["read", "write", "delete"];

/** Names of the scopes that stand for rights. */
export type ScopeNames = Readonly<Record<Right, string>>;

/** A person who can sign in to the local issuer. */
export interface User {
  /** Name in the sign-in form. */
  readonly key: string;
  /** Subject claim: the same after every start, and no name, as with other issuers. */
  readonly sub: string;
  /** Display name, for ID tokens and the userinfo endpoint. */
  readonly name: string;
  readonly rights: readonly Right[];
}

/** Users of the local issuer. */
export const USERS: readonly User[] = [
  { key: "agent", sub: "7d0f2b1c-5a8e-4c36-9b41-0e6a1f0c2d01", name: "Ada Agent", rights: RIGHTS },
  { key: "viewer", sub: "7d0f2b1c-5a8e-4c36-9b41-0e6a1f0c2d02", name: "Vic Viewer", rights: ["read"] },
];

/** Returns the user with a subject claim; undefined if there is none. */
export function userBySub(sub: string | undefined): User | undefined {
  return USERS.find((user) => user.sub === sub);
}

/** Returns the scopes of rights. */
export function scopesOf(rights: readonly Right[], names: ScopeNames): string[] {
  return rights.map((right) => names[right]);
}
