import { arnOf } from "../resource";

/** Function ARN with its parts: the ARN without a qualifier, and the version or alias that it names. */
const FUNCTION_ARN = /(arn:aws:lambda:[^:]+:\d+:function:[^:/]+)(?::([^:/]+))?/;

/**
 * Returns the unqualified ARN of a function for any name that the Lambda API accepts: a name, an ARN, either with a version or alias, or
 * the invoke ARN that API Gateway uses.
 * @param region AWS code of the region that a bare name belongs to.
 */
export function functionArnOf(nameOrArn: string, region: string): string {
  const [, arn = arnOf("lambda", region, `function:${nameOrArn.split(":")[0]}`)] =
    FUNCTION_ARN.exec(nameOrArn) ?? [];
  return arn;
}

/** Returns the version or alias in a name that the Lambda API accepts; undefined if it has none. */
export function qualifierOf(nameOrArn: string): string | undefined {
  const arn = FUNCTION_ARN.exec(nameOrArn);
  return arn ? arn[2] : nameOrArn.split(":")[1];
}

/** Returns an ARN with a qualifier, or unchanged without one. */
export function qualified(functionArn: string, qualifier: string | undefined): string {
  return qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`;
}

/** Returns the invoke ARN, with which API Gateway calls a function. */
export function invokeArnOf(functionArn: string): string {
  const region = functionArn.split(":")[3];
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
