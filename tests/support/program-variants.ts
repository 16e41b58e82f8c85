import { drainProgram, Program } from "./mocked-program";

/** Stack with a configuration, and the resources that the program declares. */
export interface Variant {
  readonly title: string;
  /** Alias of the primary region, which is also the stack's name. */
  readonly primary: string;
  readonly hasDomain: boolean;
  readonly hasEndpoint: boolean;
  readonly protectsData: boolean;
  program: Program;
}

/** AWS endpoint of the variants that have one. */
export const ENDPOINT = "http://localhost:4566";

const CONFIGURATIONS = [
  { title: "without a domain", config: {} },
  { title: "with a domain and a new zone", config: { "tickets:domainName": "tickets.test" } },
  {
    title: "with an existing zone, an audit trail and another endpoint, unprotected",
    config: {
      "tickets:domainName": "tickets.test",
      "tickets:hostedZoneId": "Z0123456789EXAMPLE",
      "tickets:auditTrail": "true",
      "tickets:awsEndpoint": ENDPOINT,
      "tickets:protectData": "false",
    },
  },
];

/** Runs both stacks in every configuration. */
export async function allVariants(): Promise<Variant[]> {
  const variants = ["ireland", "singapore"].flatMap((primary) =>
    CONFIGURATIONS.map(async ({ title, config }) => ({
      title: `stack ${primary} ${title}`,
      primary,
      hasDomain: "tickets:domainName" in config,
      hasEndpoint: "tickets:awsEndpoint" in config,
      protectsData: !("tickets:protectData" in config),
      program: await drainProgram({ stack: primary, config }),
    })),
  );
  return Promise.all(variants);
}

/** Regions of every variant in the order of the configuration, each with the other region. */
export const REGIONS = [
  { name: "ireland", code: "eu-west-1", other: { name: "singapore", code: "ap-southeast-1" } },
  { name: "singapore", code: "ap-southeast-1", other: { name: "ireland", code: "eu-west-1" } },
] as const;
