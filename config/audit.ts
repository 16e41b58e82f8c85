import { ConfigReader, oneOf, wholeNumber } from "./reader";

/** What the audit trail records, and for how long. */
export interface AuditTrailConfig {
  /** Whether it also records changes of AWS resources. */
  readonly managementEvents: boolean;
  /** Days after which its bucket deletes a record. */
  readonly retentionDays: number;
}

/** Values of the keys of the audit trail, before grouping. */
export interface AuditValues {
  readonly auditTrail: string;
  readonly auditManagementEvents: string;
  readonly auditRetentionDays: number;
}

/** S3 accepts more, but no trail needs it: ten years. */
const MAXIMUM_RETENTION_DAYS = 3653;

/** Reads the keys of the audit trail; the reader collects their problems. */
export function readAudit(reader: ConfigReader): { [K in keyof AuditValues]: AuditValues[K] | undefined } {
  return {
    auditTrail: reader.read("auditTrail", oneOf(["true", "false"])),
    auditManagementEvents: reader.read("auditManagementEvents", oneOf(["true", "false"])),
    auditRetentionDays: reader.read("auditRetentionDays", wholeNumber(1, MAXIMUM_RETENTION_DAYS)),
  };
}

/** Groups the keys of the audit trail; undefined without one. */
export function toAuditTrailConfig(values: AuditValues): AuditTrailConfig | undefined {
  if (values.auditTrail === "false") return undefined;
  return {
    managementEvents: values.auditManagementEvents === "true",
    retentionDays: values.auditRetentionDays,
  };
}
