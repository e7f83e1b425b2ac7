/** Names that every SDK reads without quotes. Source: aws-sdk-js-v3, shared-ini-file-loader, `getProfileName`. */
export const PROFILE_NAME = /^[\w@+.%:/-]+$/;

/**
 * A text as the name of a profile: with a dash in place of characters that not every SDK reads, and not at the beginning, where
 * programs would read an option. Empty if nothing is left.
 */
export function usableName(text: string): string {
  return joined(text.split(/[^\w@+.%:/-]+/));
}

/** The same for a template, whose placeholders stay: `{role} (EU)` is `{role}-EU`. */
export function usableTemplate(text: string): string {
  return joined(text.split(/[^\w@+.%:/{}-]+/));
}

function joined(words: readonly string[]): string {
  return words
    .filter((word) => word !== "")
    .join("-")
    .replace(/^-+/, "");
}
