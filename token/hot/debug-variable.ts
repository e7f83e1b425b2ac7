/** Whether `VOUCH_DEBUG` turns on debug lines: any value does, except an empty one, `0` and `false`. */
export function isDebugOn(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value.toLowerCase() !== "false";
}
