import { ConfigReader, optional, Setting, wholeNumber } from "./reader";

/** Alarm thresholds of the stack, and the address that receives notifications. */
export interface AlarmConfig {
  /** Subscribed to the alarms of every region; absent for no subscription. */
  readonly email?: string;
  /** 99th percentile of the time from a write to its arrival in the other region. */
  readonly replicationLagSeconds: number;
  /** Age of the last record that the replication function read from its stream. */
  readonly iteratorAgeSeconds: number;
  /** Age of the last heartbeat that arrived from the other region. */
  readonly heartbeatAgeSeconds: number;
  /** Errors of a replication function in five minutes. */
  readonly handlerErrors: number;
  /** Responses of an API with status 5xx in five minutes. */
  readonly apiErrors: number;
  /** Days until a certificate expires. */
  readonly certificateDays: number;
}

const EMAIL: Setting<string> = {
  allowed: "an e-mail address, or empty",
  fix: "pulumi config set alarmEmail operators@example.com",
  parse: (text) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? text : undefined),
};

/** Retention of a DynamoDB stream: no record is older than one day. */
const SECONDS_PER_DAY = 24 * 3600;
/** Heartbeats are written every minute. A lower threshold would raise the alarm between two of them. */
const MINIMUM_HEARTBEAT_AGE = 120;

/** ACM may not have renewed a certificate that has more days left: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
const MAXIMUM_CERTIFICATE_DAYS = 45;

/** Values of the alarm keys, before grouping. */
export interface AlarmValues {
  /** May be empty. */
  readonly alarmEmail: string;
  readonly alarmReplicationLagSeconds: number;
  readonly alarmIteratorAgeSeconds: number;
  readonly alarmHeartbeatAgeSeconds: number;
  readonly alarmHandlerErrors: number;
  readonly alarmApiErrors: number;
  readonly alarmCertificateDays: number;
}

/** Reads the alarm keys; the reader collects their problems. */
export function readAlarms(reader: ConfigReader): { [K in keyof AlarmValues]: AlarmValues[K] | undefined } {
  return {
    alarmEmail: reader.read("alarmEmail", optional(EMAIL)),
    alarmReplicationLagSeconds: reader.read("alarmReplicationLagSeconds", wholeNumber(1, SECONDS_PER_DAY)),
    alarmIteratorAgeSeconds: reader.read("alarmIteratorAgeSeconds", wholeNumber(1, SECONDS_PER_DAY)),
    alarmHeartbeatAgeSeconds: reader.read(
      "alarmHeartbeatAgeSeconds",
      wholeNumber(MINIMUM_HEARTBEAT_AGE, SECONDS_PER_DAY),
    ),
    alarmHandlerErrors: reader.read("alarmHandlerErrors", wholeNumber(1, 1_000_000)),
    alarmApiErrors: reader.read("alarmApiErrors", wholeNumber(1, 1_000_000)),
    alarmCertificateDays: reader.read("alarmCertificateDays", wholeNumber(1, MAXIMUM_CERTIFICATE_DAYS)),
  };
}

/** Groups the alarm keys, all of them present. */
export function toAlarmConfig(values: AlarmValues): AlarmConfig {
  return {
    email: values.alarmEmail || undefined,
    replicationLagSeconds: values.alarmReplicationLagSeconds,
    iteratorAgeSeconds: values.alarmIteratorAgeSeconds,
    heartbeatAgeSeconds: values.alarmHeartbeatAgeSeconds,
    handlerErrors: values.alarmHandlerErrors,
    apiErrors: values.alarmApiErrors,
    certificateDays: values.alarmCertificateDays,
  };
}
