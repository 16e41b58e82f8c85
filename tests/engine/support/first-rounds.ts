import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { RoutingItem } from "../../../functions/routing/routing-item";
import type { SentinelState } from "../../../functions/sentinel/sentinel-state";
import { routingId, sentinelId } from "../../../functions/shared/reserved-items";
import { waitFor } from "../../support/wait-for";
import type { EngineCloud } from "./engine-cloud";

/** Time limit of the first deployment and the first rounds of the sentinels on a busy machine, in milliseconds. */
const TIMEOUT_MS = 8 * 60_000;

/** Time between two looks, in milliseconds, so that they do not slow down the deployment. */
const PAUSE_MS = 200;

/** Without it Ireland is unhealthy. */
const HEALTH_ROUTE = "aws:apigatewayv2/route:Route ireland-api-health";
/** Failed probes during the deployment: more than a sentinel needs for a takeover at the fastest speed, three in three seconds. */
const FAILURES = 6;

/** What the sentinel of a region has stored. */
interface StoredBySentinel {
  readonly sentinel: SentinelState;
  /** Undefined if there has never been a takeover. */
  readonly routing: RoutingItem | undefined;
}

/**
 * Holds back the health route of Ireland, while a stack is created, until the sentinel of Singapore has failed to probe it often enough
 * for a takeover, or has taken over. So its API is incomplete for long enough on every machine.
 */
export function holdHealthRoute(cloud: EngineCloud): void {
  cloud.before = async ({ kind, type, name }) => {
    if (kind !== "create" || `${type} ${name}` !== HEALTH_ROUTE) return;
    const singapore = new RegionItems(cloud, "singapore", "ap-southeast-1");
    try {
      await waitFor(
        async () => {
          await delay(PAUSE_MS);
          const found = await singapore.read();
          return found && (found.routing !== undefined || found.sentinel.failures >= FAILURES);
        },
        { what: `${FAILURES} failed probes of Singapore's sentinel`, withinMs: TIMEOUT_MS / 2 },
      );
    } finally {
      singapore.close();
    }
  };
}

/**
 * Waits, while a stack is created, until the sentinel of each region has completed a round, that of Singapore has found Ireland
 * healthy, and `api.<domain>` resolves to Ireland.
 * @returns what is stored at that moment, or when a region has taken over. A takeover stays stored until an operator fails back.
 */
export async function firstRounds(
  cloud: EngineCloud,
  domain: string,
): Promise<{ readonly ireland: StoredBySentinel; readonly singapore: StoredBySentinel }> {
  const ireland = new RegionItems(cloud, "ireland", "eu-west-1");
  const singapore = new RegionItems(cloud, "singapore", "ap-southeast-1");
  const { route53 } = cloud.host.services;
  const addressOf = (label: string): unknown => route53.resolve(`${label}.${domain}`, "A").at(-1)?.data;
  try {
    return await waitFor(
      async () => {
        await delay(PAUSE_MS);
        const [ofIreland, ofSingapore] = await Promise.all([ireland.read(), singapore.read()]);
        if (!ofIreland || !ofSingapore) return undefined;
        const found = { ireland: ofIreland, singapore: ofSingapore };
        if (ofIreland.routing ?? ofSingapore.routing) return found;
        const isServing = addressOf("api") !== undefined && addressOf("api") === addressOf("ireland");
        const haveRun = ofIreland.sentinel.primary && ofSingapore.sentinel.wellRevision !== undefined;
        return isServing && haveRun ? found : undefined;
      },
      { what: "the sentinels to find Ireland healthy, and api to resolve to it", withinMs: TIMEOUT_MS },
    );
  } finally {
    ireland.close();
    singapore.close();
  }
}

/** Reserved items in the ticket table of a region. */
class RegionItems {
  private readonly client: DynamoDBClient;

  constructor(
    { host: { services } }: EngineCloud,
    private readonly name: string,
    private readonly code: string,
  ) {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    this.client = new DynamoDBClient({
      region: code,
      endpoint: services.dynamodb.endpoint(code),
      credentials,
    });
  }

  /** @returns undefined until the sentinel has stored its state. */
  async read(): Promise<StoredBySentinel | undefined> {
    const { TableNames = [] } = await this.client.send(new ListTablesCommand({}));
    const table = TableNames.find((one) => one.startsWith(`${this.name}-tickets-`));
    if (table === undefined) return undefined;
    const sentinel = (await this.item(table, sentinelId(this.code))) as SentinelState | undefined;
    const routing = (await this.item(table, routingId(this.code))) as RoutingItem | undefined;
    return sentinel && { sentinel, routing };
  }

  close(): void {
    this.client.destroy();
  }

  private async item(TableName: string, id: string): Promise<unknown> {
    const documents = DynamoDBDocumentClient.from(this.client);
    return (await documents.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }))).Item;
  }
}
