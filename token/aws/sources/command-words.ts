/**
 * The words of a command line that is not run by a shell, as the AWS CLI splits it. Undefined if a quote or an escape is not
 * closed, or there are no words.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Processes".
 */
export function commandWords(line: string, isWindows: boolean): readonly string[] | undefined {
  const words = isWindows ? windowsWords(line) : posixWords(line);
  return words?.length === 0 ? undefined : words;
}

/** As `shlex.split`. Source: python/cpython, Lib/shlex.py (`read_token`), whose blanks are these four. */
function posixWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index += 1) {
    const sign = line.charAt(index);
    if (quote !== "" && sign === quote) quote = "";
    else if (sign === "\\" && quote !== "'") {
      index += 1;
      if (index === line.length) return undefined;
      const next = line.charAt(index);
      const isEscape = quote === "" || next === quote || next === "\\";
      word = `${word ?? ""}${isEscape ? "" : "\\"}${next}`;
    } else if (quote === "" && (sign === "'" || sign === '"')) {
      quote = sign;
      word ??= "";
    } else if (quote === "" && " \t\r\n".includes(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + sign;
  }
  if (word !== undefined) words.push(word);
  return quote === "" ? words : undefined;
}

/** Backslashes escape only before a double quote. Source: botocore, compat.py (`_windows_shell_split`). */
function windowsWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (const [, backslashes = "", sign = ""] of line.matchAll(/(\\*)([^\\]?)/g)) {
    if (sign === '"') {
      word = (word ?? "") + "\\".repeat(Math.floor(backslashes.length / 2));
      if (backslashes.length % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
      continue;
    }
    if (backslashes !== "") word = (word ?? "") + backslashes;
    const isBlank = !isQuoted && (sign === " " || sign === "\t");
    if (!isBlank && sign !== "") word = (word ?? "") + sign;
    if (isBlank && word !== undefined) words.push(word);
    if (isBlank) word = undefined;
  }
  if (word !== undefined) words.push(word);
  return isQuoted ? undefined : words;
}
