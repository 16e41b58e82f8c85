/**
 * Returns the type and the logical name in a URN, which names the types of all parents before its own. A name may contain `::`.
 * See https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function typeAndNameOf(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").pop() ?? "", name: name.join("::") };
}
