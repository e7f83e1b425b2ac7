/**
 * Whether a wildcard covers a whole text: `*` stands for any text, none included, and `?` for one character.
 *
 * Goes back only to the last `*`, so time is at most the product of both lengths; a regular expression needs a power of it.
 */
export function globCovers(pattern: string, text: string, one = "?"): boolean {
  let at = 0;
  let star = -1;
  let resumed = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      resumed = index;
    } else if (at < pattern.length && (pattern[at] === one || pattern[at] === text[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resumed;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
