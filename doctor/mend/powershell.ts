/**
 * The command for PowerShell, Windows PowerShell 5.1 included. What a POSIX shell does by itself (variables, writing a file)
 * is said in PowerShell's own words: its `>` would write UTF-16, which kubectl cannot read back.
 */
export function powershellLine(words: readonly string[]): string {
  const [program = "", ...rest] = words;
  if (program === "unset") return `Remove-Item ${rest.map((name) => `Env:${name}`).join(", ")}`;
  if (program === "export") return rest.map(assignment).join("; ");
  return words.map((word, index) => (index === 0 ? programWord(word) : argumentWord(word))).join(" ");
}

function assignment(word: string): string {
  const [name = "", ...value] = word.split("=");
  return `$env:${name} = ${quoted(value.join("="))}`;
}

/** `curl` alone is another command in Windows PowerShell; a quoted program needs the call operator. */
function programWord(word: string): string {
  if (word === "curl") return "curl.exe";
  return /^[A-Za-z][\w.-]*$/.test(word) ? word : `& ${quoted(word)}`;
}

const OPERATORS: Readonly<Record<string, string>> = {
  ">": "| Set-Content -Encoding utf8",
  ">>": "| Add-Content -Encoding utf8",
  "|": "|",
  "&&": ";",
  ";": ";",
};

/** A comma makes a list, `@`, `=` and `:` have meanings, and a word that begins with `-` is cut at a dot or colon. */
function argumentWord(word: string): string {
  const operator = OPERATORS[word];
  if (operator !== undefined) return operator;
  if (/^(?:-[\w-]+|[A-Za-z0-9_/\\.][\w+:./\\-]*)$/.test(word)) return word;
  return word.includes('"') ? withQuotes(word) : quoted(word);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}

/**
 * Before 7.3, PowerShell hands double quotes to a program without escaping them, so that they are lost; since then it
 * escapes them. The expression gives each version what it needs.
 *
 * Source: about_Parsing in PowerShell's documentation, on `$PSNativeCommandArgumentPassing`.
 */
function withQuotes(word: string): string {
  return `(${quoted(word)} -replace '"', $(if ($PSVersionTable.PSVersion -lt '7.3') { '\\"' } else { '"' }))`;
}
