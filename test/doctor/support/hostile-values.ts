/** What a break-out would create in the folder of whoever pastes a command. */
const CANARY = "hostile-canary";

const TOUCH = `/usr/bin/touch ${CANARY}`;

/** Values that mean something to a shell, a tool, a terminal or a format; all of them can be printed. */
export const SHOWN_VALUES: readonly string[] = [
  ...[";", "&", "&&", "|", "||", "(", ")", "<", ">", "!", "!!", "#", "%", "%1", "^", "*", "?", "~", "=", "-"],
  ...[
    "--",
    "--%",
    "@",
    ",",
    "{}",
    "[",
    "]",
    "$",
    "\\",
    "\\\\",
    "'",
    '"',
    "''",
    '""',
    "`",
    ".",
    "..",
    ":",
    "/",
  ],
  ...[`;${TOUCH};`, `$(${TOUCH})`, `\`${TOUCH}\``, `|${TOUCH}`, `&${TOUCH}&`, `>${CANARY}`, `2>${CANARY}`],
  ...[`';${TOUCH};'`, `";${TOUCH};"`, `\\';${TOUCH};\\'`, `<(${TOUCH})`, `(${TOUCH})`, `\${x:=$(${TOUCH})}`],
  ...[`‘;${TOUCH};‘`, `’;${TOUCH};’`, `‚;${TOUCH};‚`, `‛;${TOUCH};‛`, `“;${TOUCH};”`, `„$(${TOUCH})„`],
  ...[`'‘;${TOUCH};’'`, `‘‘’`, `$'\\x27;${TOUCH};'`, `'"'"';${TOUCH};'`, `it's ‘quoted’`, `a"b’c'd`],
  ...["--option", "--profile=x", "-x", "-n", "--endpoint-url=http://h", "-o=jsonpath", "-é", "–x", "—option"],
  ...[
    `https://x;touch\${IFS}y;#`,
    "a b",
    " a",
    "a ",
    "a\u00a0b",
    "a\u3000b",
    "a  b",
    "$HOME",
    `\${IFS}`,
    "$x",
  ],
  ...["~root", "~/x", "=ls", "a=~/x", "a==ls", "a:=ls", "=(ls)", "%self", "!$", "a!b", "#x", "a#b", "^a^b"],
  ...["{a,b}", "{1..3}", "*.yaml", "[a-z]", "?", "**/*", "a~b", "a^b", "(a|b)", "x(.)", "a,b", "a;b", "!(x)"],
  ...["\\n", "C:\\dir\\", "C:\\my dir\\", "a\\", "a\\'b", "'a\\'", "\\\\'", 'a\\"b', '\\"', 'a b\\"'],
  ...[
    "$env:PATH",
    "$(calc)",
    "@(calc)",
    "@{a=1}",
    "-f x",
    "1kb",
    "0x10",
    "-1e3",
    "1..9",
    "a.b",
    "::",
    "%PATH%",
  ],
  ...["file:///etc/passwd", "fileb://x", "https://h/x", "@/etc/passwd", "a@=b", "a=b,c=d", "[x]", '{"a":1}'],
  ...[
    "*[?a==`b`]",
    "$(x) | y",
    `\${var.x}`,
    "%{if x}",
    "${",
    "%{ for",
    "\\u0041",
    '": "',
    "- x",
    "a: b",
    "a #b",
  ],
  ...["&a", "*a", "!!python/x", "|", ">-", "null", "true", "1e3", "yes", "2001-01-01", "'", "---", "%YAML"],
  ...["é", "漢字", "😀", "𝒳;𝒳", "⁁", "‘", "’", "“", "‟", "―", "…", "１", "\u00a0", "a".repeat(3000), "{{x}}"],
  ...["if", "done", "eval", "system:masters", "a/b", "a/../b", "arn:aws:iam::1:role/x", "x.token.y", "users"],
];

/** Values with characters that a terminal does not show: no command is printed with one. */
const UNSHOWN_VALUES: readonly string[] = [
  ...["a\nb", `a\n${TOUCH}\n`, "\r", "\t", "\u001b[2J", "\u001b]0;x\u0007", "\u0000", "\b\b", "\u007f"],
  ...["\u0085", "\u009b2J", "\u202eabc", "\u2066x\u2069", "\u200b", "\ufeff", "\u2028", "\u2029", "\ud800"],
  ...["x\udc00", "\u00ad", "\u061c", "\u{e0041}", "\u034f", "\u3164", "a\ufe0f", "\u{1d173}"],
];

export const HOSTILE_VALUES: readonly string[] = [...SHOWN_VALUES, ...UNSHOWN_VALUES, ""];
