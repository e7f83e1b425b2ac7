/** A yes-or-no variable of AWS (`AWS_USE_FIPS_ENDPOINT`): undefined when it says neither. Unset and empty mean no. */
export function flagVariable(value: string | undefined): boolean | undefined {
  if (value === undefined || value === "") return false;
  const word = value.toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : undefined;
}
