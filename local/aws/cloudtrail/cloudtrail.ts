import {
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";

/** Emulation of CloudTrail. A trail exists by name, with the bucket that awsx creates for it; no event is recorded. */
export class LocalCloudTrail implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "awsx:cloudtrail:Trail": (resource) => this.createTrail(resource),
  });

  async close(): Promise<void> {
    // A trail has no process, server or timer.
  }

  private async createTrail(resource: DeclaredResource): Promise<CreatedResource> {
    const { inputs } = resource;
    const name: string = inputs.name ?? resource.physicalName;
    const region: string = inputs.region ?? resource.region;
    const existing: { name?: string; arn?: string } | undefined = inputs.s3Bucket?.existing;
    const s3BucketName =
      existing?.name ?? existing?.arn?.split(":::")[1] ?? `${resource.physicalName}-bucket`;
    const arn = arnOf("cloudtrail", region, `trail/${name}`);
    return {
      id: arn,
      outputs: {
        bucket: existing
          ? undefined
          : { id: s3BucketName, bucket: s3BucketName, arn: arnOf("s3", "", s3BucketName) },
        trail: {
          id: arn,
          arn,
          name,
          region,
          homeRegion: region,
          s3BucketName,
          enableLogging: inputs.enableLogging ?? true,
          enableLogFileValidation: inputs.enableLogFileValidation ?? false,
          isMultiRegionTrail: inputs.isMultiRegionTrail ?? false,
        },
      },
    };
  }
}
