import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiHandler } from "../functions/http/api";
import { LambdaFunction } from "./lambda-function";
import { PolicyStatement } from "./policy";

/** Route and its function. */
export interface Route {
  /** Method and path, such as `GET /tickets/{id}`, or `$default`. */
  readonly key: string;
  /** Further route keys of the same function, by the suffix of their resource names. */
  readonly alsoKeys?: Readonly<Record<string, string>>;
  /** Creates the handler, once per cold start. */
  readonly callbackFactory: () => ApiHandler;
  /** Permissions of the function besides writing its log. */
  readonly statements: readonly PolicyStatement[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Packages of package.json that the handler requires at run time. */
  readonly packages?: readonly string[];
}

/** Arguments of an API route. */
export interface ApiRouteArgs {
  readonly api: aws.apigatewayv2.Api;
  /** Name of the stage that may invoke the function. */
  readonly stage: string;
  readonly route: Route;
  readonly logRetentionDays: number;
}

/** Allows for a cold start and a slow table, and leaves a client time to try the other region. */
const TIMEOUT_SECONDS = 10;
const MEMORY_MEGABYTES = 512;

/** Function of an API, its integration, and one route and one permission per route key. */
export class ApiRoute extends pulumi.ComponentResource {
  constructor(name: string, args: ApiRouteArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:ApiRoute", name, {}, opts);
    const { api, stage, logRetentionDays } = args;
    const { key, alsoKeys = {}, ...handlerArgs } = args.route;

    const handler = new LambdaFunction(
      name,
      {
        ...handlerArgs,
        logRetentionDays,
        timeoutSeconds: TIMEOUT_SECONDS,
        memoryMegabytes: MEMORY_MEGABYTES,
      },
      { parent: this },
    );
    const routes = [
      { routeName: name, routeKey: key },
      ...Object.entries(alsoKeys).map(([suffix, other]) => ({
        routeName: `${name}-${suffix}`,
        routeKey: other,
      })),
    ];
    const permissions = routes.map(({ routeName, routeKey }) =>
      this.permit(
        routeName,
        handler,
        pulumi.interpolate`${api.executionArn}/${stage}/${pathInArn(routeKey)}`,
      ),
    );
    const integration = new aws.apigatewayv2.Integration(
      name,
      {
        apiId: api.id,
        integrationType: "AWS_PROXY",
        integrationUri: handler.live.invokeArn,
        integrationMethod: "POST",
        payloadFormatVersion: "2.0",
      },
      // A permission applies to one alias, so a changed integration fails without that of its alias.
      { parent: this, dependsOn: permissions },
    );
    routes.forEach(({ routeName, routeKey }, index) => {
      new aws.apigatewayv2.Route(
        routeName,
        { apiId: api.id, routeKey, target: pulumi.interpolate`integrations/${integration.id}` },
        { parent: this, dependsOn: permissions[index] },
      );
    });

    this.registerOutputs();
  }

  /** Permits API Gateway to invoke the live version of a function for one route. */
  private permit(
    name: string,
    { function: { name: functionName }, live }: LambdaFunction<never, unknown>,
    sourceArn: pulumi.Output<string>,
  ): aws.lambda.Permission {
    return new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: functionName,
        qualifier: live.name,
        principal: "apigateway.amazonaws.com",
        sourceArn,
      },
      { parent: this },
    );
  }
}

/**
 * Returns the part of an invocation ARN for a route key: `GET/tickets` for `GET /tickets`, and `$default` unchanged.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
function pathInArn(routeKey: string): string {
  return routeKey.replace(" ", "");
}
