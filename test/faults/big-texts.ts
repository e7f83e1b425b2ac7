/** Texts that are cheap to send and dear to read: by their size, their nesting, or what they stand for. */

const MIB = 1024 * 1024;

/** A kubeconfig with these users, and clusters and contexts of the same names. */
function kubeconfig(users: readonly string[], head = ""): string {
  return `apiVersion: v1\nkind: Config\n${head}clusters: []\ncontexts: []\nusers:\n${users.join("")}`;
}

function times(count: number, line: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => line(n));
}

/** Anchors of which each stands for nine of the one before. */
function bomb(levels: number): string {
  const lists = times(levels, (n) => `a${n + 1}: &a${n + 1} [${times(9, () => `*a${n}`).join(", ")}]\n`);
  return `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${lists.join("")}`;
}

export const BIG_KUBECONFIGS: Readonly<Record<string, () => string>> = {
  "130 aliases": () =>
    kubeconfig(times(131, (n) => `- name: u${n}\n  user: ${n === 0 ? "&u {token: abc}" : "*u"}\n`)),
  "an alias bomb": () => kubeconfig([], bomb(30)),
  "an alias bomb in the exec block": () =>
    kubeconfig([`- name: u\n  user: {exec: {command: x, args: *a12}}\n`], bomb(12)),
  "60 kB of merges": () =>
    kubeconfig(
      [],
      times(1500, (n) => `m${n + 1}: &m${n + 1} {<<: *m${n}, k${n}: 1}\n`)
        .join("")
        .replace(/^/, "m0: &m0 {k: 1}\n"),
    ),
  "a chain of 20,000 aliases": () =>
    kubeconfig(
      [],
      times(20_000, (n) => `c${n + 1}: &c${n + 1} [*c${n}]\n`)
        .join("")
        .replace(/^/, "c0: &c0 1\n"),
    ),
  "14 MB of comments": () => kubeconfig([]) + "# kept by hand\n".repeat((14 * MIB) / 15),
  "14 MB of comments in a list": () =>
    `apiVersion: v1\nkind: Config\nusers:\n${"  # kept by hand\n".repeat((14 * MIB) / 17)}`,
  "14 MB in one word": () => kubeconfig([`- name: u\n  user: {token: ${"x".repeat(14 * MIB)}}\n`]),
  "14 MB of blanks": () => kubeconfig([]) + " ".repeat(14 * MIB),
  "5 MB within quotes that stay open": () => `apiVersion: v1\nusers: "${"a\\n b ".repeat(MIB)}`,
  "100,000 flow lists in each other": () => `a: ${"[".repeat(100_000)}`,
  "3,000 maps in each other": () => times(3000, (n) => `${" ".repeat(n)}a:\n`).join(""),
  "100,000 dashes in each other": () => `${"- ".repeat(100_000)}x\n`,
  "100,000 documents": () => "---\na: 1\n".repeat(100_000),
  "100,000 keys": () => kubeconfig([], times(100_000, (n) => `k${n}: 1\n`).join("")),
  "100,000 keys of one name": () => kubeconfig([], "k: 1\n".repeat(100_000)),
  "20,000 contexts": () =>
    `apiVersion: v1\nkind: Config\ncontexts:\n${times(20_000, (n) => `- name: c${n}\n  context: {cluster: c${n}, user: u${n}}\n`).join("")}clusters: []\nusers: []\n`,
  "20,000 contexts of one name": () =>
    `apiVersion: v1\nkind: Config\ncontexts:\n${"- name: c\n  context: {cluster: c, user: u}\n".repeat(20_000)}clusters: []\nusers: []\n`,
  "9 MB of JSON": () =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      users: times(60_000, (n) => `u${n}`).map((name) => ({
        name,
        user: { exec: { command: "x", args: [name, name] } },
      })),
    }),
  "100,000 tabs and colons": () => "\t:\t".repeat(100_000),
  "300,000 percent signs": () => "%".repeat(300_000),
  "17 MB": () => "# kept by hand\n".repeat((17 * MIB) / 15),
};

export const BIG_AWS_CONFIGS: Readonly<Record<string, () => string>> = {
  "14 MB of comments": () => "# kept by hand\n".repeat((14 * MIB) / 15),
  "100,000 profiles": () => times(100_000, (n) => `[profile p${n}]\nregion = eu-west-1\n`).join(""),
  "100,000 profiles of one name": () => "[profile p]\nregion = eu-west-1\n".repeat(100_000),
  "10 MB in one line": () => `[profile p]\nregion = ${"x".repeat(10 * MIB)}\n`,
  "5 MB of blanks": () => `[profile p]\nregion = ${" ".repeat(5 * MIB)}x\n`,
  "5 MB of blanks behind a profile": () => `[profile${" ".repeat(5 * MIB)}\n`,
  "a million brackets": () => `${"[".repeat(MIB)}\n`,
  "a chain of 20,000 profiles": () =>
    times(
      20_000,
      (n) => `[profile p${n}]\nsource_profile = p${n + 1}\nrole_arn = arn:aws:iam::1:role/x\n`,
    ).join(""),
  "profiles in a circle": () =>
    "[default]\nsource_profile = a\nrole_arn = arn:aws:iam::1:role/x\n[profile a]\nsource_profile = default\nrole_arn = arn:aws:iam::1:role/x\n",
  "100,000 settings below one": () => `[profile p]\ns3 =\n${"  a = b\n".repeat(100_000)}`,
  "a credential_process of 5 MB": () =>
    `[profile p]\ncredential_process = ${"kubectl-vouch \\\\\"'".repeat(300_000)}\n`,
  "17 MB": () => "# kept by hand\n".repeat((17 * MIB) / 15),
};

/** Words of an error, as somebody pastes them. */
export const BIG_WORDS: Readonly<Record<string, () => string>> = {
  "5 MB of one letter": () => "a".repeat(5 * MIB),
  "5 MB of blanks": () => `Error from server${" ".repeat(5 * MIB)}!`,
  "2 MB of errors": () => "Error from server (Forbidden): ".repeat((2 * MIB) / 31),
  "2 MB of users": () => 'User "'.repeat((2 * MIB) / 6),
  "2 MB of ARNs": () => "arn:aws:sts::111122223333:assumed-role/".repeat((2 * MIB) / 39),
  "2 MB of quotes": () => "\"'`".repeat((2 * MIB) / 3),
  "2 MB of lines": () => "\n".repeat(2 * MIB),
  "2 MB of digits and dots": () => "1.".repeat(MIB),
  "2 MB of an unfinished token": () => `k8s-aws-v1.${"aHR0".repeat(MIB / 2)}`,
  "2 MB of an unfinished JWT": () => "eyJ.".repeat(MIB / 2),
  "2 MB of assignments": () => "AWS_SECRET_ACCESS_KEY=".repeat((2 * MIB) / 22),
  "2 MB of URLs": () => "https://a:b@".repeat((2 * MIB) / 12),
};

/** Bundles of evidence: a whole one with something large in it, and what is none. */
export const BIG_BUNDLES: Readonly<Record<string, (bundle: Bundle) => string>> = {
  "15 MB in one text": (bundle) => JSON.stringify({ ...bundle, note: "x".repeat(15 * MIB) }),
  "100,000 lists in each other": () => `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  "a bundle of 500,000 numbers": () => `[${"1,".repeat(500_000)}1]`,
  "100,000 names": (bundle) =>
    JSON.stringify({
      ...bundle,
      ...Object.fromEntries(times(100_000, (n) => `k${n}`).map((name) => [name, 1])),
    }),
  "texts of 200 kB in every place": (bundle) =>
    JSON.stringify(deepened(bundle, "a ".repeat(100_000), 15 * MIB)),
  "kubeconfigs that are alias bombs": (bundle) =>
    JSON.stringify(deepened(bundle, kubeconfig([], bomb(30)), 4 * MIB)),
  "17 MB": () => `"${"x".repeat(17 * MIB)}"`,
};

type Bundle = Readonly<Record<string, unknown>>;

/** Every long text of it replaced by another, until these have so many bytes. */
function deepened(bundle: Bundle, text: string, maxBytes: number): Bundle {
  let left = maxBytes;
  const replaced = (value: unknown): unknown => {
    if (typeof value === "string" && value.length > 20 && left > text.length) {
      left -= text.length;
      return text;
    }
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner)]));
  };
  return replaced(bundle) as Bundle;
}

/** JSON in the place of a file of ours. */
export const BIG_JSON: Readonly<Record<string, () => string>> = {
  "15 MB of JSON": () => `{"version":1,"servers":{},"x":"${"x".repeat(15 * MIB)}"}`,
  "100,000 lists in each other": () => "[".repeat(100_000),
  "a million numbers": () => `[${"1,".repeat(MIB)}1]`,
  "17 MB": () => " ".repeat(17 * MIB),
};
