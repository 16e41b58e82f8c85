/** What an operator of a local cloud does, which has no state file to run `pulumi state` on. */
const REMEDY =
  "In the local cloud, declare it once without `protect` (for the ticket tables: tickets:protectData: false), then repeat the change.";

interface Protected {
  readonly urn: string;
}

/** Error of a resource that is protected and no longer declared. The wording is that of the Pulumi engine. */
export function deleteProtected({ urn }: Protected): Error {
  return new Error(
    `resource "${urn}" cannot be deleted\n` +
      "because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program " +
      `and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\`\n${REMEDY}`,
  );
}

/**
 * Error of a protected resource that a change would replace. The wording is that of the Pulumi engine.
 * @param root resource whose replacement deletes the protected one first.
 */
export function replaceProtected({ urn }: Protected, root?: Protected): Error {
  const cause = root ? ` as part of replacing "${root.urn}"` : "";
  return new Error(
    `unable to replace resource "${urn}"${cause}\n` +
      "as it is currently marked for protection. To unprotect the resource, remove the `protect` flag from the resource in your " +
      `Pulumi program and run \`pulumi up\`\n${REMEDY}`,
  );
}
