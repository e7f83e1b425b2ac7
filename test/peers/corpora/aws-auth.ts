/**
 * aws-auth ConfigMaps as people and programs write them, right and wrong, the same ones at each run: written cases, odd
 * values in every place of an entry, every style around a list of entries, and entries with small accidents of an editor.
 */
import { randomNumbers } from "../../support/mutations.ts";
import { ODD_VALUES } from "./aws-auth-values.ts";
import { WRITTEN_ACCOUNTS, WRITTEN_SECTIONS } from "./aws-auth-written.ts";

export interface AwsAuthCase {
  /** What it is about: `value of username`, `accident: blanks`. */
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
}

type Random = ReturnType<typeof randomNumbers>;

const SEED = 20260101;
const [ACCOUNT, OTHER] = ["111122223333", "012345678901"];
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;

/** Keys in place of a right one. */
const ODD_KEYS: readonly ((key: string) => string)[] = [
  (key) => key.toUpperCase(),
  (key) => `${key[0]?.toUpperCase()}${key.slice(1)}`,
  (key) => key.replace("arn", "ARN"),
  (key) => key.replaceAll("s", "ſ"),
  (key) => key.replaceAll("n", "ｎ"),
  (key) => `"${key}"`,
  (key) => `'${key}'`,
  (key) => `!!str ${key}`,
  (key) => `&k ${key}`,
  (key) => `? ${key}\n  `,
  (key) => `${key} `,
  (key) => `${key}\t`,
  (key) => ` ${key}`,
  (key) => `\t${key}`,
  (key) => `${key}s`,
  (key) => key.slice(0, -1),
  (key) => key.replace(/arn|name/, "_$&"),
  (key) => `"${key} "`,
  (key) => `\ufeff${key}`,
  (key) => `# ${key}`,
  (key) => `- ${key}`,
];

const FIELDS = ["rolearn", "username", "groups"] as const;

/** An entry as lines, with one value or key as given. */
function entry(
  arn: string,
  change: { readonly [field in (typeof FIELDS)[number]]?: string } = {},
  key = "rolearn",
) {
  const values = { rolearn: arn, username: "dev", groups: "[system:masters, viewers]", ...change };
  return `- ${key}: ${values.rolearn}\n  username: ${values.username}\n  groups: ${values.groups}\n`;
}

function oddValues(): AwsAuthCase[] {
  return ODD_VALUES.flatMap((value) => [
    ...FIELDS.map((field) => ({
      kind: `value of ${field}`,
      data: { mapRoles: entry(role("Dev"), { [field]: value }) + entry(role("Ops")) },
    })),
    {
      kind: "value in groups",
      data: {
        mapRoles: `- rolearn: ${role("Dev")}\n  username: dev\n  groups:\n  - a\n  - ${value}\n  - b\n`,
      },
    },
    {
      kind: "value in a flow",
      data: { mapUsers: `[{userarn: ${user("ada")}, username: ${value}, groups: [${value}]}]` },
    },
    {
      kind: "value of userarn",
      data: { mapUsers: entry(value, {}, "userarn") + entry(user("ada"), {}, "userarn") },
    },
    { kind: "value of another key", data: { mapRoles: `${entry(role("Dev"))}  note: ${value}\n` } },
    { kind: "value as key", data: { mapRoles: `${entry(role("Dev"))}  ${value}: x\n` } },
    { kind: "value as entry", data: { mapRoles: `- ${value}\n${entry(role("Dev"))}` } },
    { kind: "value as section", data: { mapRoles: value, mapUsers: entry(user("ada"), {}, "userarn") } },
    { kind: "value in accounts", data: { mapAccounts: `- "${OTHER}"\n- ${value}\n- ${ACCOUNT}\n` } },
    { kind: "value in a flow of accounts", data: { mapAccounts: `[${OTHER}, ${value}, '${ACCOUNT}']` } },
    { kind: "value as accounts", data: { mapAccounts: value } },
    {
      kind: "value of sso",
      data: { mapRoles: `${entry(role("Dev"), {})}  sso: ${value}\n${entry(role("Ops"))}` },
    },
  ]);
}

function oddKeys(): AwsAuthCase[] {
  return ODD_KEYS.flatMap((change) =>
    ["rolearn", "username", "groups"].flatMap((key) => {
      const text = entry(role("Dev")) + entry(role("Ops"));
      return [
        { kind: `key ${key}`, data: { mapRoles: text.replace(`${key}:`, `${change(key)}:`) } },
        {
          kind: `key ${key} twice`,
          data: {
            mapRoles: `${entry(role("Dev"))}  ${change(key)}: ${key === "groups" ? "[other]" : role("Other")}\n`,
          },
        },
        {
          kind: `key ${key} first null`,
          data: { mapRoles: text.replace(`${key}:`, `${change(key)}: ~\n  ${key}:`) },
        },
      ];
    }),
  );
}

/** One list of entries in the styles that YAML has for it. */
function styles(
  entries: readonly (readonly [arn: string, username: string, groups: readonly string[]])[],
): string[] {
  const json = entries.map(([rolearn, username, groups]) => ({ rolearn, username, groups }));
  const block = (indent: string, step: string, quote: (text: string) => string) =>
    json
      .map(
        ({ rolearn, username, groups }) =>
          `${indent}-${step}rolearn: ${quote(rolearn)}\n${indent} ${step}username: ${quote(username)}\n${indent} ${step}groups:\n${groups
            .map((group) => `${indent} ${step}- ${quote(group)}\n`)
            .join("")}`,
      )
      .join("");
  const quotes = [String, (text: string) => `'${text}'`, (text: string) => JSON.stringify(text)];
  const flow = json.map(
    (one) => `{rolearn: ${one.rolearn}, username: '${one.username}', groups: [${one.groups.join(", ")}]}`,
  );
  return [
    ...quotes.flatMap((quote) => [block("", " ", quote), block("  ", " ", quote), block("", "   ", quote)]),
    block("", "\n  ", String),
    block("", " ", (text) => `|-\n      ${text}`),
    block("", " ", (text) => `>\n      ${text}`),
    block("", " ", (text) => `"${text.slice(0, 4)}\\\n      ${text.slice(4)}"`),
    block("", " ", (text) => `!!str ${text}`),
    JSON.stringify(json),
    JSON.stringify(json, null, 2),
    JSON.stringify(json, null, "\t"),
    `[${flow.join(", ")}]`,
    `[\n${flow.join(",\n")},\n]\n`,
    flow.map((one) => `- ${one}\n`).join(""),
    block("", " ", String).replaceAll("    - ", "      - "),
    block("", " ", String).replaceAll("rolearn: ", "rolearn:\t").replaceAll("groups:\n", "groups: \t\n"),
    block("", "\t", String),
    block("\t", " ", String),
    JSON.stringify({ roles: json }),
    block("", " ", String).replaceAll(/^- /gm, "  "),
  ];
}

/** What stands around a text. */
const FRAMES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.trimEnd(),
  (text) => `\n\n${text}\n\n`,
  (text) => `  \n${text}`,
  (text) => `\t\n${text}`,
  (text) => `${text}\t`,
  (text) => `${text}\t\n`,
  (text) => `${text}  \t\n# end\n`,
  (text) => text.replaceAll("\n", " \n"),
  (text) => text.replaceAll("\n", "\t\n"),
  (text) => text.replaceAll("\n", "\n\n"),
  (text) => text.replaceAll("\n", "\n\t\n"),
  (text) => text.replaceAll("\n", "\n   \n"),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  (text) => text.replaceAll("\n", "\u0085"),
  (text) => text.replaceAll("\n", "\u2028"),
  (text) => text.replaceAll("\n", " # note\n"),
  (text) => text.replaceAll("\n", "\n# note\n"),
  (text) => text.replaceAll("\n", "#note\n"),
  (text) => `\ufeff${text}`,
  (text) => `\ufeff\ufeff${text}`,
  (text) => `\n\ufeff${text}`,
  (text) => `\ufeff---\n${text}`,
  (text) => `---\n${text}`,
  (text) => `--- \t# roles\n${text}`,
  (text) => `--- ${text}`,
  (text) => `---\n---\n${text}`,
  (text) => `---\n${text}---\n${text}`,
  (text) => `${text}---\n`,
  (text) => `${text}---\n- {{broken\n`,
  (text) => `${text}---\n@broken`,
  (text) => `${text}...\n`,
  (text) => `${text}...\n@broken\n`,
  (text) => `${text}... x\n`,
  (text) => `...\n${text}`,
  (text) => `%YAML 1.1\n---\n${text}`,
  (text) => `%YAML 1.2\n---\n${text}`,
  (text) => `%YAML 1.1\n${text}`,
  (text) => `%TAG !e! tag:yaml.org,2002:\n---\n${text}`,
  (text) => `%OTHER x\n---\n${text}`,
  (text) => `# roles\n${text}`,
  (text) => `#\n#\t\n${text}`,
  (text) => `${text}garbage\n`,
  (text) => `${text}key: value\n`,
  (text) => `${text}  key: value\n`,
  (text) => `${text}- key\n`,
  (text) => `${text} - key\n`,
  (text) => `${text}}\n`,
  (text) => `${text}\u0000`,
  (text) => `${text}\u0007`,
  (text) => `"${text.replaceAll("\n", "\\n").replaceAll('"', '\\"')}"`,
  (text) => `|\n${text.replaceAll(/^/gm, "  ")}`,
  (text) => `entries:\n${text}`,
  (text) => `- ${text.replaceAll("\n", "\n  ").trimEnd()}\n`,
  (text) => `&all\n${text}`,
  (text) => `!!seq\n${text}`,
  (text) => `!own\n${text}`,
  (text) => text.repeat(2),
  (text) => `data:\n  mapRoles: |\n${text.replaceAll(/^/gm, "    ")}`,
];

function framed(random: Random): AwsAuthCase[] {
  const lists = [
    styles([[role("Dev"), "dev:{{SessionName}}", ["system:masters", "viewers"]]]),
    styles([
      [role("Dev"), "dev", ["system:masters"]],
      [role("Ops"), "ops", []],
      [role("Dev").toUpperCase(), "later", ["viewers"]],
    ]),
  ];
  const all = lists.flat().map((text) => ({ kind: "style", data: { mapRoles: text } }));
  const pick = () => lists[random(2)]?.[random(lists[0]?.length ?? 0)] ?? "";
  return [
    ...all,
    ...FRAMES.flatMap((frame, index) =>
      Array.from({ length: 8 }, (_, round) => ({
        kind: `frame ${index}`,
        data: { mapRoles: frame(round === 0 ? (lists[0]?.[0] ?? "") : pick()) },
      })),
    ),
  ];
}

/** What an editor's slip does to a text. */
const ACCIDENTS: Readonly<Record<string, (text: string, random: Random) => string>> = {
  "a character more": (text, random) => {
    const marks = ` \t\n-:,[]{}"'#&*!|>?%@\`\\~=<.x\r\ufeff`;
    const at = random(text.length + 1);
    return text.slice(0, at) + marks[random(marks.length)] + text.slice(at);
  },
  "a character less": (text, random) => {
    const at = random(text.length);
    return text.slice(0, at) + text.slice(at + 1);
  },
  "an indent more": (text, random) => onLine(text, random, (line) => ` ${line}`),
  "an indent less": (text, random) => onLine(text, random, (line) => line.replace(/^ /, "")),
  "a line twice": (text, random) => onLine(text, random, (line) => `${line}\n${line}`),
  "a line less": (text, random) => onLine(text, random, () => undefined),
  "lines swapped": (text, random) => {
    const lines = text.split("\n");
    const at = random(lines.length - 1);
    return lines.toSpliced(at, 2, ...lines.slice(at, at + 2).reverse()).join("\n");
  },
  "a tab for blanks": (text, random) => onLine(text, random, (line) => line.replace(/ +/, "\t")),
  "a truncated text": (text, random) => text.slice(0, random(text.length)),
  "a joined line": (text, random) => {
    const lines = text.split("\n");
    const at = random(lines.length - 1);
    return lines.toSpliced(at, 2, lines.slice(at, at + 2).join(" ")).join("\n");
  },
};

function onLine(text: string, random: Random, change: (line: string) => string | undefined): string {
  const lines = text.split("\n");
  const at = random(lines.length);
  const changed = change(lines[at] ?? "");
  return lines.toSpliced(at, 1, ...(changed === undefined ? [] : [changed])).join("\n");
}

function accidents(random: Random): AwsAuthCase[] {
  const texts = [
    ...styles([
      [role("Dev"), "dev", ["system:masters", "viewers"]],
      [role("Ops"), "ops:{{AccountID}}", ["ops"]],
    ]),
    ...WRITTEN_SECTIONS,
  ];
  return Object.entries(ACCIDENTS).flatMap(([kind, change]) =>
    Array.from({ length: 150 }, (_, round) => {
      let text = texts[random(texts.length)] ?? "";
      for (let left = round % 3; left >= 0; left -= 1) text = change(text, random);
      return { kind: `accident: ${kind}`, data: { mapRoles: text } };
    }),
  );
}

/** One principal in several sections, each of which gives it another name. */
function severalSections(): AwsAuthCase[] {
  return [role("Dev"), user("ada")].flatMap((arn) => {
    const mapRoles = entry(arn, { username: "by-roles" });
    const mapUsers = entry(arn, { username: "by-users" }, "userarn");
    const mapAccounts = `- "${ACCOUNT}"\n`;
    return [
      { kind: "roles and users", data: { mapRoles, mapUsers } },
      { kind: "users and accounts", data: { mapUsers, mapAccounts } },
      { kind: "roles and accounts", data: { mapRoles, mapAccounts } },
    ];
  });
}

/** All of them. */
export function awsAuthCorpus(seed = SEED): AwsAuthCase[] {
  const random = randomNumbers(seed);
  return [
    ...WRITTEN_SECTIONS.map((mapRoles) => ({ kind: "written", data: { mapRoles } })),
    ...WRITTEN_SECTIONS.map((text) => ({
      kind: "written",
      data: { mapUsers: text.replaceAll("rolearn", "userarn") },
    })),
    ...WRITTEN_ACCOUNTS.map((mapAccounts) => ({ kind: "written accounts", data: { mapAccounts } })),
    ...oddValues(),
    ...oddKeys(),
    ...framed(random),
    ...accidents(random),
    ...severalSections(),
  ];
}
