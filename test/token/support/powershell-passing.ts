/** Versions that hand words to programs in different ways: Windows PowerShell, 6 to 7.2, and since 7.3. */
export type ArgumentPassing = "5.1" | "7.2" | "7.4";

const EXPRESSION =
  /^\('((?:[^']|'')*)' -replace '([^']*)', \$\(if \(\$PSVersionTable\.PSVersion -lt '7\.3'\) \{ '([^']*)' \} else \{ '([^']*)' \}\)\)$/u;

/**
 * The words that a program on Windows gets for one word of a command in PowerShell: a bare one, a string between single
 * quotes, or the expression of ours. Source: PowerShell's NativeCommandParameterBinder; "Parsing C++ command-line arguments".
 */
export function programGets(written: string, version: ArgumentPassing): readonly string[] {
  const isOld = version !== "7.4";
  const [, subject, pattern = "", old = "", now = ""] = EXPRESSION.exec(written) ?? [];
  const value =
    subject === undefined
      ? unquoted(written)
      : unquoted(`'${subject}'`).replaceAll(new RegExp(pattern, "g"), isOld ? old : now);
  return commandLineWords(isOld ? legacy(value, version === "7.2") : escapedFor(value));
}

function unquoted(written: string): string {
  return written.startsWith("'") ? written.slice(1, -1).replaceAll(/(['\u2018-\u201B])\1/gu, "$1") : written;
}

/** Quotes are put around where there is a blank outside of quotes; those inside stay as they are. */
function legacy(value: string, doublesLast: boolean): string {
  let quotes = 0;
  const needs = [...value].some((sign, index, all) => {
    if (sign === '"' && all[index - 1] !== "\\") quotes += 1;
    return /\s/.test(sign) && quotes % 2 === 0;
  });
  if (!needs) return value;
  return `"${doublesLast ? value.replace(/\\+$/, "$&$&") : value}"`;
}

function escapedFor(value: string): string {
  return `"${value.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
}

/** How a program of C++ cuts its command line. */
function commandLineWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (const [piece] of line.matchAll(/\\+"|"|[ \t]|[^"\\ \t]+|\\+/g)) {
    if (/^[ \t]$/.test(piece) && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= "";
    if (!piece.endsWith('"')) word += piece;
    else {
      const slashes = piece.length - 1;
      word += "\\".repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
    }
  }
  return word === undefined ? words : [...words, word];
}
