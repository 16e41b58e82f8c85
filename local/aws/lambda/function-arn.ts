import { arnOf } from "../resource";

/**
 * The unqualified ARN of a function that is named in any of the ways the Lambda API takes: by name, by ARN, by ARN with a version, or by the
 * invoke ARN that API Gateway uses.
 * @param region AWS code of the region that a bare name belongs to.
 */
export function functionArnOf(nameOrArn: string, region: string): string {
  const arn = /arn:aws:lambda:[^:]+:\d+:function:[^:/]+/.exec(nameOrArn);
  return arn ? arn[0] : arnOf("lambda", region, `function:${nameOrArn.split(":")[0]}`);
}
