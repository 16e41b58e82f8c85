import type { DeclaredResource, LocalService } from "../resource";
import { alarmHandler } from "./alarms";
import { LogDeliveryPolicies } from "./log-delivery-policies";
import { logGroupHandler } from "./log-groups";

/** Emulation of CloudWatch. Log groups and alarms exist by name. Logs of functions go to the terminal; no alarm is evaluated. */
export class LocalCloudWatch implements LocalService {
  /** Inputs by ARN, for log groups and alarms. */
  private readonly declared = new Map<string, DeclaredResource["inputs"]>();

  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:cloudwatch/logGroup:LogGroup": logGroupHandler(this.declared),
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarmHandler(this.declared),
  };

  /** Resource policies by which the log delivery service may write to log groups. */
  readonly logDelivery = new LogDeliveryPolicies();

  async close(): Promise<void> {
    this.declared.clear();
  }
}
