/** ISO 8601 with a blank in place of the T, as Python prints it, and `UTC` in place of Z, as old files of the AWS CLI have it. */
const DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})? ?(Z|UTC|[+-]\d\d:?\d\d)$/;

/**
 * When credentials or a token end, in milliseconds since 1970; undefined for what is no date. One without a time zone is none:
 * nobody knows when it would be.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Expirations".
 */
export function readExpiration(text: string): number | undefined {
  const [, day = "", time, fraction = "", zone = ""] = DATE.exec(text) ?? [];
  const offset = zone === "UTC" ? "Z" : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const epochMs = Date.parse(`${day}T${time}${fraction}${offset}`);
  return Number.isNaN(epochMs) || !isDay(day) ? undefined : epochMs;
}

/** JavaScript takes the 30th of February for a day of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Whether it is within the years that a date of four digits can have. */
export function isWritableTime(epochMs: number): boolean {
  return epochMs >= 0 && epochMs < Date.UTC(10_000, 0);
}
