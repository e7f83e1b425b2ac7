/**
 * The words of a pasted command line, whatever shell it was typed in: single and double quotes group, a backslash counts only
 * before a quote (`C:\Users\ada` stays), and a backtick before a quote is PowerShell's escape. Never throws: an open quote
 * extends to the end.
 */
export function commandWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index += 1) {
    const char = line.charAt(index);
    if (/[\\`]/.test(char) && /["']/.test(line.charAt(index + 1)) && quote !== "'") {
      index += 1;
      word = (word ?? "") + line.charAt(index);
    } else if (quote === "" ? /["']/.test(char) : char === quote) {
      quote = quote === "" ? char : "";
      word ??= "";
    } else if (quote === "" && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + char;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** The last value of a flag in a command line, from `--flag value` or `--flag=value`; words after `--` are ignored. */
export function flagValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  return flagValues(words, ...names).at(-1);
}

/** Every value of a flag that may be repeated. */
export function flagValues(words: readonly string[], ...names: readonly string[]): string[] {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  return own.flatMap((word, index) => {
    if (names.includes(word)) return words.slice(index + 1, index + 2);
    const name = names.find((candidate) => word.startsWith(`${candidate}=`));
    return name === undefined ? [] : [word.slice(name.length + 1)];
  });
}
