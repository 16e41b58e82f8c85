import { ConfigReader, optional, Setting, wholeNumber } from "./config-reader";

/** When the alarms of the stack go off, and who is told. */
export interface AlarmConfig {
  /** Subscribed to both regions' alarms; absent when nobody is. */
  readonly email?: string;
  /** Of the 99th percentile, from the write to its arrival in the other region. */
  readonly replicationLagSeconds: number;
  /** Of the oldest record that a replication has read and not yet finished. */
  readonly iteratorAgeSeconds: number;
  /** Of the last heartbeat that arrived from the other region. */
  readonly heartbeatAgeSeconds: number;
  /** Errors of a replication function in five minutes. */
  readonly handlerErrors: number;
  /** Answers of an API with status 5xx in five minutes. */
  readonly apiErrors: number;
  /** Days that a certificate is still valid. */
  readonly certificateDays: number;
}

const EMAIL: Setting<string> = {
  allowed: "an e-mail address, or empty",
  mend: "pulumi config set alarmEmail operators@example.com",
  parse: (text) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? text : undefined),
};

/** A stream keeps its records for a day; nothing can be older. */
const SECONDS_OF_A_DAY = 24 * 3600;
/** Heartbeats come each minute, so a shorter limit would go off between two of them. */
const SHORTEST_HEARTBEAT_AGE = 120;

/** An alarm with more days left could go off before ACM has had the time to renew: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
const LAST_DAYS_BEFORE_RENEWAL = 45;

/** The alarms' keys as the configuration holds them. */
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

/** Reads the alarms' keys; what is wrong with them is gathered by the reader. */
export function readAlarms(reader: ConfigReader): { [K in keyof AlarmValues]: AlarmValues[K] | undefined } {
  return {
    alarmEmail: reader.read("alarmEmail", optional(EMAIL)),
    alarmReplicationLagSeconds: reader.read("alarmReplicationLagSeconds", wholeNumber(1, SECONDS_OF_A_DAY)),
    alarmIteratorAgeSeconds: reader.read("alarmIteratorAgeSeconds", wholeNumber(1, SECONDS_OF_A_DAY)),
    alarmHeartbeatAgeSeconds: reader.read(
      "alarmHeartbeatAgeSeconds",
      wholeNumber(SHORTEST_HEARTBEAT_AGE, SECONDS_OF_A_DAY),
    ),
    alarmHandlerErrors: reader.read("alarmHandlerErrors", wholeNumber(1, 1_000_000)),
    alarmApiErrors: reader.read("alarmApiErrors", wholeNumber(1, 1_000_000)),
    alarmCertificateDays: reader.read("alarmCertificateDays", wholeNumber(1, LAST_DAYS_BEFORE_RENEWAL)),
  };
}

/** The alarms' keys as a group, once all of them are known to be there. */
export function groupedAlarms(values: AlarmValues): AlarmConfig {
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
