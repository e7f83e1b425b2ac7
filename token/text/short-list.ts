/** The most names that a message lists. */
const LISTED = 12;

/** Names for a sentence, each once and in order; of many the first, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  const more = sorted.length - LISTED;
  const listed = sorted.slice(0, LISTED).map((name) => (name === "" ? '""' : name));
  return more > 0 ? `${listed.join(", ")} and ${more} more` : listed.join(", ");
}
