/** A boolean variable of AWS (`AWS_USE_FIPS_ENDPOINT`): undefined if it is neither true nor false. Unset and empty mean false. */
export function flagVariable(value: string | undefined): boolean | undefined {
  if (value === undefined || value === "") return false;
  const word = value.toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : undefined;
}
