import { invokeArnOf } from "../../local/aws/lambda/function-arn";
import { arnOf, physicalNameOf } from "../../local/aws/resource";

/** Resource that Pulumi's mocks create. */
export interface MockedResource {
  readonly type: string;
  readonly name: string;
  /** AWS code of its provider's region. */
  readonly region: string;
  // The shape differs per resource type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: Readonly<Record<string, any>>;
}

type Outputs = Readonly<Record<string, unknown>>;

/** Computed outputs of every resource type of the program, in the format of AWS. */
const OUTPUTS: Readonly<Record<string, (resource: MockedResource, physicalName: string) => Outputs>> = {
  "aws:dynamodb/table:Table": ({ region }, name) => {
    const arn = arnOf("dynamodb", region, `table/${name}`);
    return { name, arn, streamArn: `${arn}/stream/2026-01-01T00:00:00.000` };
  },
  "aws:cloudwatch/logGroup:LogGroup": ({ region }, name) => ({
    name,
    arn: arnOf("logs", region, `log-group:${name}`),
  }),
  "aws:iam/role:Role": (_, name) => ({ name, arn: arnOf("iam", "", `role/${name}`) }),
  "aws:lambda/function:Function": ({ region }, name) => {
    const arn = arnOf("lambda", region, `function:${name}`);
    return { name, arn, invokeArn: invokeArnOf(arn), version: "1" };
  },
  "aws:lambda/alias:Alias": ({ region, inputs }) => {
    const arn = arnOf("lambda", region, `function:${inputs.functionName}:${inputs.name}`);
    return { arn, invokeArn: invokeArnOf(arn) };
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": (_, name) => ({ uuid: `uuid-of-${name}` }),
  "aws:sns/topic:Topic": ({ region }, name) => ({ name, arn: arnOf("sns", region, name) }),
  "aws:apigatewayv2/api:Api": ({ region }, name) => ({
    apiEndpoint: `https://${name}.execute-api.${region}.amazonaws.com`,
    executionArn: arnOf("execute-api", region, name),
  }),
  "aws:apigatewayv2/domainName:DomainName": ({ region, inputs, name }) => ({
    domainNameConfiguration: {
      ...inputs.domainNameConfiguration,
      targetDomainName: `d-${name}.execute-api.${region}.amazonaws.com`,
      hostedZoneId: `ZAPI${region.toUpperCase().replaceAll("-", "")}`,
    },
  }),
  "aws:sqs/queue:Queue": ({ region }, name) => ({
    name,
    arn: arnOf("sqs", region, name),
    url: `https://sqs.${region}.amazonaws.com/000000000000/${name}`,
  }),
  "aws:s3/bucket:Bucket": ({ region }, name) => ({
    bucket: name,
    arn: arnOf("s3", "", name),
    bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  }),
  "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": ({ region, inputs }) => ({
    websiteEndpoint: `${inputs.bucket}.${websiteHost(region)}`,
  }),
  "aws:acm/certificate:Certificate": ({ region, inputs, name }) => ({
    arn: arnOf("acm", region, `certificate/${name}`),
    domainValidationOptions: [
      {
        domainName: inputs.domainName,
        resourceRecordName: `_proof.${inputs.domainName}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_proof.acm-validations.aws.",
      },
    ],
  }),
  "aws:cloudfront/distribution:Distribution": ({ name }) => ({
    arn: arnOf("cloudfront", "", `distribution/${name}`),
    domainName: `${name}.cloudfront.net`,
    hostedZoneId: "ZCLOUDFRONT",
  }),
  "aws:route53/zone:Zone": () => ({
    zoneId: "ZNEW",
    nameServers: ["ns-1.awsdns-00.com", "ns-2.awsdns-00.net"],
  }),
  "aws:route53/record:Record": ({ inputs }) => ({ fqdn: inputs.name }),
};

/** Regions whose website endpoints have a hyphen before the region; all others have a dot. */
const HYPHENATED =
  /^(us-(east-1|west-1|west-2)|ap-(southeast-1|southeast-2|northeast-1)|eu-west-1|sa-east-1)$/;

/** Returns the end of a website endpoint: https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints */
function websiteHost(region: string): string {
  return `s3-website${HYPHENATED.test(region) ? "-" : "."}${region}.amazonaws.com`;
}

/** Returns the id and the state (inputs and outputs) of a mocked resource. Names are the same in every stack. */
export function mockState(resource: MockedResource): { id: string; state: Record<string, unknown> } {
  const physicalName = resource.inputs.name ?? physicalNameOf("", resource.type, resource.name);
  const outputs = OUTPUTS[resource.type]?.(resource, physicalName);
  return { id: physicalName, state: { ...resource.inputs, ...outputs } };
}
