import { join } from "node:path";
import { canaryId } from "../functions/shared/reserved-items";
import { LocalAcm } from "./aws/acm/acm";
import { LocalApiGateway } from "./aws/apigateway/apigateway";
import { meaningOf } from "./console/dns-and-health-checks";
import { Cleanup, temporaryDirectory } from "./cleanup";
import { LocalCloudFront } from "./aws/cloudfront/cloudfront";
import { EDGE_ADDRESS } from "./aws/cloudfront/model";
import { LocalCloudTrail } from "./aws/cloudtrail/cloudtrail";
import { LocalCloudWatch } from "./aws/cloudwatch/cloudwatch";
import { LocalDynamoDB } from "./aws/dynamodb/dynamodb";
import { AwsEndpoint } from "./aws/endpoint/endpoint";
import { LocalEventSourceMappings } from "./aws/event-source-mapping/event-source-mappings";
import type { Frontend } from "./aws/frontend";
import { LocalFauxqs } from "./aws/sqs/fauxqs";
import { DecisionLog } from "./aws/iam/decision-log";
import { LocalIam } from "./aws/iam/iam";
import { type LambdaOptions, LocalLambda } from "./aws/lambda/lambda";
import type { Log } from "./aws/log";
import { DEFAULT_SHARDS, type LocalCloudOptions, queueCountLagSeconds } from "./options";
import { portsFrom } from "./ports";
import { closureSourceMap } from "./pulumi/closure-source-map";
import { reachableHandlers } from "./aws/reachable-handlers";
import type { Regions } from "./aws/regions";
import type { LocalService, RemoteComponent, ResourceHandler } from "./aws/resource";
import { LocalRoute53 } from "./aws/route53/route53";
import { LocalS3 } from "./aws/s3/s3";
import { LocalScheduler } from "./aws/scheduler/scheduler";
import { LocalSns } from "./aws/sns/sns";
import { LocalSqs } from "./aws/sqs/sqs";

/** The running AWS services of the local cloud. */
export interface Services {
  readonly dynamodb: LocalDynamoDB;
  readonly lambda: LocalLambda;
  readonly mappings: LocalEventSourceMappings;
  readonly apiGateway: LocalApiGateway;
  readonly cloudWatch: LocalCloudWatch;
  readonly route53: LocalRoute53;
  readonly acm: LocalAcm;
  readonly cloudFront: LocalCloudFront;
  readonly s3: LocalS3;
  readonly sqs: LocalSqs;
  /** By Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** By Pulumi type token. */
  readonly remoteComponents: Readonly<Record<string, RemoteComponent>>;
}

/** The project's folder. */
export const PROJECT_DIRECTORY = join(__dirname, "..");

/**
 * Starts every service and connects it to the others.
 * @param options options of the start; `frontend`, which returns the server that answers in place of the deployed web UIs; and
 *   `functions`, which observes the starts of functions.
 * @param cleanup receives each service as soon as it runs, so that a failed start can be undone.
 * @param stop aborts the start after the service that is being started.
 * @throws Error that names an unavailable port and its purpose, or an unavailable DynamoDB; the reason of `stop`.
 */
export async function startServices(
  regions: Regions,
  options: LocalCloudOptions & {
    readonly frontend?: () => Frontend | undefined;
    readonly functions?: Pick<LambdaOptions, "onStart" | "mustStart" | "coldStartMs">;
  },
  log: Log,
  cleanup: Cleanup,
  stop?: AbortSignal,
): Promise<Services> {
  const codes = regions.all().map(({ code }) => code);
  const ports = portsFrom(options.port, codes);
  const dataFolder = (name: string): string | undefined => options.data && join(options.data, name);
  const running = <T extends { close(): Promise<unknown> }>(service: T): T => {
    cleanup.add(() => service.close());
    stop?.throwIfAborted();
    return service;
  };

  const decisions =
    options.iamLog === undefined ? undefined : running(await DecisionLog.create(options.iamLog));
  const iam = running(new LocalIam(decisions?.add));
  const endpoint = running(
    new AwsEndpoint({
      iam,
      regions,
      healthItem: canaryId,
      kmsKeyOf: (arn) => (arn.startsWith("arn:aws:s3:") ? s3 : sqs).kmsKeyOf(arn),
      resourcePolicyOf: (arn) => (arn.startsWith("arn:aws:s3:") ? s3 : sqs).policyOf(arn),
      log,
    }),
  );
  const endpointUrl = await endpoint.start(ports.endpoint);
  const dynamodb = running(
    await LocalDynamoDB.start({
      regions,
      directory: dataFolder("dynamodb"),
      endpointUrl: options.dynamodbEndpoint,
      shards: options.shards ?? DEFAULT_SHARDS,
      ports: ports.dynamodb,
      indexDelayMs: options.indexDelayMs,
      timeToLive: { delayMs: ((options.ttlDelaySeconds ?? 0) * 1000) / options.speed },
      log,
    }),
  );
  const fauxqs = running(
    await LocalFauxqs.start(regions, ports.fauxqs, queueCountLagSeconds(options) * 1000),
  );
  const sqs: LocalSqs = running(new LocalSqs({ fauxqs, endpointUrl }));
  const s3: LocalS3 = running(
    new LocalS3({ fauxqs, regions, log, websitePorts: ports.website, frontend: options.frontend }),
  );
  for (const code of codes) {
    endpoint.register("dynamodb", code, dynamodb.endpoint(code), dynamodb.inProcessHandler(code));
    endpoint.register("sqs", code, sqs.endpoint(code));
    endpoint.register("s3", code, s3.endpoint(code));
  }
  const route53 = running(
    await LocalRoute53.start({
      regions,
      dnsPort: ports.dns,
      // API Gateway, which registers its names with Route 53, chooses the port before the program creates a health check.
      healthCheckPort: () => apiGateway.httpsPort,
      speed: options.speed,
      describe: (check) => meaningOf(check).means,
      log,
    }),
  );
  const directory = await temporaryDirectory(cleanup);
  const lambda = running(
    await LocalLambda.start({
      regions,
      iam,
      endpointUrl,
      dnsServer: () => route53.dnsAddress,
      directory,
      log,
      projectDirectory: PROJECT_DIRECTORY,
      sourceMapOf: closureSourceMap,
      concurrency: options.concurrency,
      ...options.functions,
    }),
  );
  const cloudWatch = running(new LocalCloudWatch());
  const acm = running(
    await LocalAcm.create({ route53, directory: dataFolder("acm"), log, speed: options.speed }),
  );
  const apiGateway: LocalApiGateway = running(
    await LocalApiGateway.start({
      regions,
      lambda,
      acm,
      route53,
      logDelivery: cloudWatch.logDelivery,
      log,
      httpsPort: ports.https,
      httpsPortAlsoOn: [EDGE_ADDRESS],
      apiPorts: ports.api,
      ownResponsesLackCors: options.bareErrors,
    }),
  );
  const cloudFront = running(
    await LocalCloudFront.start({
      s3,
      acm,
      route53,
      log,
      // As on AWS, where every name is served on port 443.
      httpsPort: apiGateway.httpsPort,
      httpPort: ports.http,
      deploymentSeconds: options.distributionSeconds,
    }),
  );
  acm.addUser(apiGateway);
  acm.addUser(cloudFront);
  const mappings = running(
    new LocalEventSourceMappings({
      ...{ regions, lambda, log, directory: dataFolder("event-source-mappings") },
      streamChanges: dynamodb.streamChanges,
      changeDelayMs: ((options.mappingDelaySeconds ?? 0) * 1000) / options.speed,
    }),
  );
  const scheduler = running(new LocalScheduler({ regions, iam, lambda, speed: options.speed, log }));
  const others = [new LocalCloudTrail({ bucketNamed: (name) => s3.findBucket(name) }), new LocalSns()];
  const services: LocalService[] = [
    iam,
    dynamodb,
    sqs,
    s3,
    lambda,
    route53,
    acm,
    apiGateway,
    cloudFront,
    mappings,
    scheduler,
    cloudWatch,
    ...others,
  ];
  const resourceHandlers = reachableHandlers(
    Object.assign({}, ...services.map((service) => service.resourceHandlers)) as Record<
      string,
      ResourceHandler
    >,
    regions,
  );
  const remoteComponents = Object.assign(
    {},
    ...services.map((service) => service.remoteComponents),
  ) as Record<string, RemoteComponent>;
  return {
    ...{ dynamodb, lambda, mappings, apiGateway, cloudWatch, route53, acm, cloudFront, s3, sqs },
    ...{ resourceHandlers, remoteComponents },
  };
}
