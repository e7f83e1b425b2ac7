/** Names that every SDK reads without quotes. Source: aws-sdk-js-v3, shared-ini-file-loader, `getProfileName`. */
export const PROFILE_NAME = /^[\w@+.%:/-]+$/;

/**
 * A text as the name of a profile: with a dash in place of characters that not every SDK reads, and not at the beginning, where
 * programs would read an option. Empty if nothing is left.
 */
export function usableName(text: string): string {
  const words = text.split(/[^\w@+.%:/-]+/).filter((word) => word !== "");
  return words.join("-").replace(/^-+/, "");
}
