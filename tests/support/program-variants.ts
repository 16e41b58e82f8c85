import { drainProgram, Program } from "./program";

/** One configuration of one stack, and what the program declares with it. */
export interface Variant {
  readonly title: string;
  /** Nickname of the primary, which is also the stack's name. */
  readonly primary: string;
  readonly hasDomain: boolean;
  readonly hasEndpoint: boolean;
  readonly protectsData: boolean;
  program: Program;
}

/** The endpoint of the variants that have one. */
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

/** Runs both stacks in every configuration; the same ones for every test file. */
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

/** The regions of every variant, in the order of the configuration, each with the other one. */
export const REGIONS = [
  { name: "ireland", code: "eu-west-1", other: { name: "singapore", code: "ap-southeast-1" } },
  { name: "singapore", code: "ap-southeast-1", other: { name: "ireland", code: "eu-west-1" } },
] as const;
