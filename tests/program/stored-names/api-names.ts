/** Keywords of the OpenAPI document that only describe. */
const WORDS = ["description", "summary", "title", "examples", "example"];

/** Lists what clients of the API depend on: paths, parameters, statuses, headers and the properties of bodies. */
export function apiLines(document: Readonly<Record<string, unknown>>): string[] {
  const { paths, components } = document;
  return [...leaves(paths, "", false), ...leaves(components, "", false)];
}

/** A line per leaf, such as `schemas.Ticket.properties.subject.maxLength = 200`. */
function leaves(value: unknown, path: string, isNames: boolean): string[] {
  if (typeof value !== "object" || value === null) return [`${path} = ${JSON.stringify(value)}`];
  if (Array.isArray(value) && value.every((element) => typeof element !== "object"))
    return [`${path} = ${JSON.stringify(value)}`];
  return Object.entries(value)
    .filter(([name]) => isNames || !WORDS.includes(name))
    .flatMap(([name, member]) => leaves(member, path ? `${path}.${name}` : name, name === "properties"));
}
