import { serviceError, validationError } from "./api-error";
import type { DatabaseContext } from "./database-context";
import type { Json } from "./item";

const BACKUP_DAYS = 35;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Operations on a table's time to live, continuous backups (the setting only; nothing is backed up) and tags. */
export class SettingOperations {
  constructor(private readonly context: DatabaseContext) {}

  /** Takes effect immediately. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html */
  updateTimeToLive = (request: Json): Promise<Json> =>
    this.context.writes.run(async () => {
      const name = this.checkTable(request);
      const { Enabled: enabled, AttributeName: attribute } = request.TimeToLiveSpecification ?? {};
      if (typeof enabled !== "boolean" || typeof attribute !== "string" || attribute === "")
        throw validationError("TimeToLiveSpecification requires Enabled and AttributeName");
      const current = this.context.settings.of(name).timeToLiveAttribute;
      if (current !== undefined && attribute !== current)
        throw validationError(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
        );
      if (enabled === (current !== undefined))
        throw validationError(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
      await this.context.settings.change(name, { timeToLiveAttribute: enabled ? attribute : undefined });
      await (enabled ? this.context.expiries.rebuild(name) : this.context.expiries.clear(name));
      return { TimeToLiveSpecification: request.TimeToLiveSpecification };
    });

  describeTimeToLive = async (request: Json): Promise<Json> => {
    const attribute = this.context.settings.of(this.checkTable(request)).timeToLiveAttribute;
    if (attribute === undefined) return { TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" } };
    return { TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: attribute } };
  };

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html */
  updateContinuousBackups = async (request: Json): Promise<Json> => {
    const name = this.checkTable(request);
    const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } =
      request.PointInTimeRecoverySpecification ?? {};
    if (typeof enabled !== "boolean")
      throw validationError("PointInTimeRecoverySpecification requires PointInTimeRecoveryEnabled");
    const since = this.context.settings.of(name).pointInTimeRecovery?.since ?? this.context.now();
    const pointInTimeRecovery = enabled ? { since, days: days ?? BACKUP_DAYS } : undefined;
    await this.context.settings.change(name, { pointInTimeRecovery });
    return this.describeContinuousBackups(request);
  };

  describeContinuousBackups = async (request: Json): Promise<Json> => {
    const recovery = this.context.settings.of(this.checkTable(request)).pointInTimeRecovery;
    const now = this.context.now();
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: "ENABLED",
        PointInTimeRecoveryDescription: recovery
          ? {
              PointInTimeRecoveryStatus: "ENABLED",
              RecoveryPeriodInDays: recovery.days,
              EarliestRestorableDateTime: Math.max(recovery.since, now - recovery.days * DAY_MS) / 1000,
              LatestRestorableDateTime: now / 1000,
            }
          : { PointInTimeRecoveryStatus: "DISABLED" },
      },
    };
  };

  tagResource = async (request: Json): Promise<Json> => {
    const name = this.tableOf(request.ResourceArn);
    if (!Array.isArray(request.Tags) || request.Tags.length === 0)
      throw validationError("Tags must contain at least one tag");
    const added = Object.fromEntries(request.Tags.map(({ Key, Value }: Json) => [Key, Value]));
    await this.context.settings.change(name, { tags: { ...this.context.settings.of(name).tags, ...added } });
    return {};
  };

  untagResource = async (request: Json): Promise<Json> => {
    const name = this.tableOf(request.ResourceArn);
    if (!Array.isArray(request.TagKeys)) throw validationError("TagKeys must be a list of tag keys");
    const tags = Object.entries(this.context.settings.of(name).tags ?? {});
    const kept = tags.filter(([key]) => !request.TagKeys.includes(key));
    await this.context.settings.change(name, { tags: Object.fromEntries(kept) });
    return {};
  };

  listTagsOfResource = async (request: Json): Promise<Json> => {
    const tags = this.context.settings.of(this.tableOf(request.ResourceArn)).tags ?? {};
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };

  private checkTable({ TableName: name }: Json): string {
    return this.context.view().table(String(name)).TableName as string;
  }

  private tableOf(arn: unknown): string {
    const name = /^arn:aws:dynamodb:[^:]+:\d+:table\/([^/]+)$/.exec(String(arn))?.[1];
    if (name === undefined)
      throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
    if (this.context.view().table(name).TableArn === arn) return name;
    throw serviceError(
      "ResourceNotFoundException",
      `Requested resource not found: ResourceArn: ${arn} not found`,
    );
  }
}
