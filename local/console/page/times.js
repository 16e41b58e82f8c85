// Times in the browser's time zone.

/** Formats a time with milliseconds: `14:05:09.123`. */
export function preciseTime(milliseconds) {
  const time = new Date(milliseconds);
  return `${time.toLocaleTimeString("en-GB")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
