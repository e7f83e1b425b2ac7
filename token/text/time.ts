/** `2026-01-15 13:00:00 UTC+1`, in the machine's time zone, for users; programs get UTC. Epoch milliseconds. */
export function localTime(epochMs: number): string {
  const time = new Date(epochMs);
  return `${dateOf(time)} ${minutesOf(time)}:${twoDigits(time.getSeconds())} ${offsetOf(time)}`;
}

/** A time in ISO 8601, written as `localTime` does; other text stays unchanged. */
export function localTimeOf(text: string): string {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? text : localTime(epochMs);
}

/** `13:00 UTC+1`, with the date if that is not the day of `now`. Epoch milliseconds. */
export function clockTime(epochMs: number, now: number): string {
  const time = new Date(epochMs);
  const isToday = dateOf(time) === dateOf(new Date(now));
  return `${isToday ? "" : `${dateOf(time)} `}${minutesOf(time)} ${offsetOf(time)}`;
}

function dateOf(time: Date): string {
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`;
}

function minutesOf(time: Date): string {
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
}

/** `UTC`, `UTC+1`, `UTC-3:30`: the same on every machine, unlike time zone names. */
function offsetOf(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "-" : "+"}${hours}${rest === 0 ? "" : `:${twoDigits(rest)}`}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** `2026-01-15T12:00:00Z`: the form that all readers of token files accept, and programs that read our output. */
export function timestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
