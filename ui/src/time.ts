const MINUTE = 60;
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 24 * 60 * MINUTE],
  ["month", 30 * 24 * 60 * MINUTE],
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** Shows how long ago a time was, with the time itself as its title. */
export function showTime(element: HTMLTimeElement, iso: string): void {
  const time = new Date(iso);
  const known = !Number.isNaN(time.getTime());
  const text = known ? timeAgo((Date.now() - time.getTime()) / 1_000) : iso;
  if (element.textContent !== text) element.textContent = text;
  element.dateTime = iso;
  element.title = known ? absolute.format(time) : "";
}

/** @param seconds below a minute, or below zero when this machine's clock is behind, it was just now. */
function timeAgo(seconds: number): string {
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? relative.format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}
