/** AWS's patterns: `*` for any text, `?` for one character. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = [...pattern]
    .map((character) => {
      if (character === "*") return ".*";
      if (character === "?") return ".";
      return character.replace(/[\\^$.|+()[\]{}]/, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`, "su").test(text);
}

/** Actions are compared without regard to case, resources are not. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
}

/** One or many, as policies write it. */
export function listed<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
