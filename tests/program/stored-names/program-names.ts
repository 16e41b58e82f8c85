import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { drainProgram, type Program, type ProgramResource } from "../../support/mocked-program";
import { allVariants } from "../../support/program-variants";
import { pathsOf } from "./snapshot";

/** A program and the configuration that it was declared with. */
interface Variant {
  readonly stack: string;
  /** Such as `with a domain and a new zone`. */
  readonly configuration: string;
  readonly program: Program;
}

const STACKS = ["ireland", "singapore"];
const DOMAIN = { "tickets:domainName": "tickets.test" };
/** Configurations that add or remove resources and that `allVariants` has not. */
const MORE = [
  { title: "with an alarm address", config: { ...DOMAIN, "tickets:alarmEmail": "operators@example.com" } },
  { title: "with automatic failback", config: { ...DOMAIN, "tickets:failback": "automatic" } },
  { title: "with public websites", config: { "tickets:publicWebsite": "true" } },
];

/** Runs both stacks in every configuration that changes which resources there are. */
export async function storedVariants(): Promise<Variant[]> {
  const variants = (await allVariants()).map(({ title, primary, program }) => ({
    stack: primary,
    configuration: title.replace(`stack ${primary} `, ""),
    program,
  }));
  const more = MORE.flatMap(({ title, config }) =>
    STACKS.map(async (stack) => ({
      stack,
      configuration: title,
      program: await drainProgram({ stack, config }),
    })),
  );
  return [...variants, ...(await Promise.all(more))];
}

/** URN of every resource, after the region of its provider. */
export function resourceLines(variants: readonly Variant[]): string[] {
  return marked(variants, ({ resources }) => {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    assert.equal(byUrn.size, resources.length, "Two resources have the same URN.");
    return resources.map((resource) => `${providerOf(resource).padEnd(14)} ${fullUrn(resource, byUrn)}`);
  });
}

/** Paths of the stack's outputs, with the types of their values. */
export function outputLines(variants: readonly Variant[]): string[] {
  return marked(variants, ({ outputs }) => pathsOf(outputs));
}

/**
 * Names in the inputs of resources that AWS stores or that a client uses: physical names, keys and indexes of tables,
 * routes, headers, DNS names, health checks, alarmed metrics, stream filters, schedules, object keys.
 */
export function inputLines(variants: readonly Variant[]): string[] {
  return marked(variants, ({ resources }) => [
    ...resources.flatMap((resource) => physicalNames(resource)),
    ...ofEach(resources, "aws:dynamodb/table:Table", "hashKey rangeKey attributes ttl streamViewType"),
    ...ofEach(resources, "aws:dynamodb/table:Table", "globalSecondaryIndexes localSecondaryIndexes"),
    ...ofEach(resources, "aws:apigatewayv2/route:Route", "routeKey"),
    ...ofEach(resources, "aws:apigatewayv2/api:Api", "corsConfiguration"),
    ...ofEach(resources, "aws:apigatewayv2/domainName:DomainName", "domainName"),
    ...ofEach(resources, "aws:route53/record:Record", "type setIdentifier"),
    ...ofEach(resources, "aws:route53/healthCheck:HealthCheck", "type fqdn resourcePath searchString"),
    ...alarmedMetrics(resources),
    ...ofEach(resources, "aws:lambda/eventSourceMapping:EventSourceMapping", "filterCriteria"),
    ...ofEach(resources, "aws:cloudfront/distribution:Distribution", "aliases"),
    ...resources.flatMap((resource) => objectContent(resource)),
  ]);
}

/** Configuration keys that a program reads while it declares its resources. */
export async function configKeyLines(): Promise<string[]> {
  const keys = new Set<string>();
  const prototype = pulumi.Config.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const getters = Object.getOwnPropertyNames(prototype).filter((name) => /^(get|require)/.test(name));
  const originals = getters.map((name) => [name, prototype[name]] as const);
  for (const [name, original] of originals)
    prototype[name] = function (this: pulumi.Config, key: unknown, ...rest: unknown[]) {
      keys.add(`${this.name}:${String(key)}`);
      return original.call(this, key, ...rest);
    };
  try {
    // Options that no other test uses, so that the program is run and not taken from an earlier test.
    await drainProgram({ stack: "ireland", config: { ...DOMAIN, "tickets:alarmApiErrors": "11" } });
  } finally {
    for (const [name, original] of originals) prototype[name] = original;
  }
  return [...keys].sort();
}

/** Every line once, after the letters of the configurations that have it; a legend of the letters comes first. */
function marked(variants: readonly Variant[], linesOf: (program: Program) => string[]): string[] {
  const configurations = [...new Set(variants.map(({ configuration }) => configuration))];
  const letters = new Map(configurations.map((each, index) => [each, String.fromCharCode(65 + index)]));
  const having = new Map<string, Map<string, string[]>>();
  for (const { stack, configuration, program } of variants)
    for (const line of linesOf(program).map(withoutHashes)) {
      const stacks = having.get(line) ?? new Map<string, string[]>();
      having.set(line, stacks);
      const letter = letters.get(configuration) ?? "";
      stacks.set(letter, [...new Set([...(stacks.get(letter) ?? []), stack])]);
    }
  const legend = [...letters].map(([configuration, letter]) => `${letter} = ${configuration}`);
  const lines = [...having].map(([line, stacks]) => ({ line, mark: markOf(stacks).padEnd(letters.size) }));
  lines.sort((one, other) => (one.line < other.line ? -1 : 1));
  return [...legend, ...lines.map(({ line, mark }) => `${mark}  ${line}`)];
}

/** Such as `ABC`, or `A(ireland)` for what only one of the two stacks has. */
function markOf(stacksOfLetters: ReadonlyMap<string, readonly string[]>): string {
  return [...stacksOfLetters]
    .map(([letter, stacks]) => (stacks.length === STACKS.length ? letter : `${letter}(${stacks.join()})`))
    .join("");
}

/** Region of a resource's provider; of a provider itself its own region; of a remote component its children's; `-` for a component. */
function providerOf({ type, region, custom, inputs, childProvider }: ProgramResource): string {
  if (type.startsWith("pulumi:providers:")) return String(inputs.region);
  if (custom) return region || "default";
  return type.startsWith("tickets:") ? "-" : childProvider;
}

/** The URN as Pulumi's engine builds it, with the types of all ancestors; Pulumi's mocks leave out all but the parent's. */
function fullUrn(resource: ProgramResource, byUrn: ReadonlyMap<string, ProgramResource>): string {
  const project = resource.urn.split("::")[1];
  const types: string[] = [];
  for (let each: ProgramResource | undefined = resource; each; each = byUrn.get(each.parent))
    types.unshift(each.type);
  return `urn:pulumi:<stack>::${project}::${types.join("$")}::${resource.name}`;
}

/** Names that the program gives to resources itself, instead of letting Pulumi derive them. */
function physicalNames({ type, name, inputs }: ProgramResource): string[] {
  return ["name", "namePrefix", "key", "statementId"]
    .filter((property) => typeof inputs[property] === "string")
    .map((property) => `${type} ${name}: ${property} = ${inputs[property]}`);
}

function ofEach(resources: readonly ProgramResource[], type: string, properties: string): string[] {
  return resources
    .filter((resource) => resource.type === type)
    .flatMap(({ name, inputs }) =>
      properties
        .split(" ")
        .filter((property) => inputs[property] !== undefined)
        .map((property) => `${type} ${name}: ${property} = ${JSON.stringify(inputs[property])}`),
    );
}

/** Metric of each alarm, with the names of its dimensions. */
function alarmedMetrics(resources: readonly ProgramResource[]): string[] {
  return resources
    .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
    .map(({ type, name, inputs: { namespace, metricName, dimensions } }) => {
      const names = Object.keys((dimensions ?? {}) as object).sort();
      return `${type} ${name}: ${namespace} ${metricName} [${names.join()}]`;
    });
}

/** Members of a JSON object that the program writes to a bucket. */
function objectContent({ type, name, inputs }: ProgramResource): string[] {
  if (typeof inputs.content !== "string" || inputs.contentType !== "application/json") return [];
  return pathsOf(JSON.parse(inputs.content)).map((path) => `${type} ${name}: content ${path}`);
}

/** Files of the built web UI have a hash of their content in their name. */
function withoutHashes(line: string): string {
  return line.replace(/-[\w-]{8}\.(js|css)\b/g, "-<hash>.$1");
}
