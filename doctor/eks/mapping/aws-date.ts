/**
 * A date as AWS prints it, in epoch milliseconds: ISO 8601 text, or epoch seconds as a number or a text (AWS CLI 1, and
 * CLI 2 with `cli_timestamp_format = wire`). Undefined for anything else.
 */
export function awsDate(value: string | number | undefined): number | undefined {
  if (value === undefined || value === "") return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(String(value)) : seconds * 1000;
  return Number.isNaN(ms) ? undefined : ms;
}
