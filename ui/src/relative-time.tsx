import { signal } from "@preact/signals";
import type { VNode } from "preact";

const MINUTE = 60;
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 24 * 60 * MINUTE],
  ["month", 30 * 24 * 60 * MINUTE],
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** Current time, updated every 20 s. The smallest unit of the texts is a minute. */
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 20_000);

/** Time relative to now, with the absolute time as its tooltip. */
export function RelativeTime({ iso }: { readonly iso: string }): VNode {
  const time = new Date(iso).getTime();
  if (Number.isNaN(time)) return <time dateTime={iso}>{iso}</time>;
  return (
    <time dateTime={iso} title={absolute.format(time)}>
      {timeAgo((now.value - time) / 1_000)}
    </time>
  );
}

/** Returns the text for an age in seconds. A negative age, caused by a slow local clock, is "just now". */
function timeAgo(seconds: number): string {
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? relative.format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}
