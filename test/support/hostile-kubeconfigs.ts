/** A kubeconfig with this in it. */
const config = (rest: string): string => `apiVersion: v1\nkind: Config\n${rest}`;

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("");

/**
 * Kubeconfigs that are meant to cost their reader time or memory, by what is odd about them; `scale` makes them larger.
 * With 1 they are those that cost most in their few bytes.
 */
export const HOSTILE_KUBECONFIGS: Readonly<Record<string, (scale?: number) => string>> = {
  "ten thousand aliases": (scale = 1) =>
    config(`x: &a {b: c}\ny: [${times(10_000 * scale, () => "*a, ")}]\n`),
  "aliases of aliases": () =>
    config(
      `a0: &a0 [x, x]\n${times(30, (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`)}`,
    ),
  "an alias to itself": () => config("a: &a [*a]\n"),
  "sixty kilobytes of merges": (scale = 1) =>
    config(
      `m0: &m0 {k: v}\n${times(2000 * scale, (index) => `m${index + 1}: &m${index + 1}\n  <<: *m${index}\n  k${index}: v\n`)}`,
    ),
  "merges of a wide map": (scale = 1) =>
    config(
      `w: &w {${times(2000 * scale, (index) => `k${index}: v, `)}}\n${times(900, (index) => `m${index}: {<<: *w}\n`)}`,
    ),
  "fourteen megabytes of comments": () => config("# a comment that says nothing at all\n".repeat(390_000)),
  "ten megabytes of empty lines": () => config("\n".repeat(10_000_000)),
  "deep brackets": (scale = 1) => config(`x: ${"[".repeat(20_000 * scale)}${"]".repeat(20_000 * scale)}\n`),
  "open brackets": (scale = 1) => config(`x: ${"{".repeat(20_000 * scale)}\n`),
  "deep blocks": (scale = 1) =>
    config(`x:\n${times(1500 * scale, (index) => `${" ".repeat(index + 1)}a:\n`)}`),
  "deep lists": (scale = 1) => config(`x:\n${"- ".repeat(20_000 * scale)}a\n`),
  "deep keys": (scale = 1) => config(`${"? ".repeat(20_000 * scale)}a\n`),
  "deep lists behind a key that is a block": () => `? |\n: ${"- ".repeat(1050)}`,
  "deep lists that end without a line break": () => "- ".repeat(1000),
  "deep brackets that quotes seem to close": () => `${'["]",'.repeat(1000)}\n`,
  "deep brackets that comments seem to close": () => "[ #]\n".repeat(1000),
  "deep maps that quotes seem to close": () => `{"}": `.repeat(1000),
  "a line of tabs": () => config(`x:\n${"\t".repeat(2_000_000)}\n`),
  "ten megabytes in one line": () => config(`x: ${"a".repeat(10_000_000)}\n`),
  "a hundred thousand contexts": () =>
    config(
      `contexts:\n${times(100_000, (index) => `- {name: c${index}, context: {cluster: c, user: u}}\n`)}`,
    ),
  "a hundred thousand keys": () => config(times(100_000, (index) => `k${index}: v\n`)),
  "a hundred thousand anchors": () => config(times(100_000, (index) => `k${index}: &a${index} v\n`)),
  "a hundred thousand documents": () => "---\na: b\n".repeat(100_000),
  "four megabytes of tags": () => config(`${"! ".repeat(60)}\n`.repeat(33_000)),
  "four megabytes of texts without a name": () => config(`x: ${'""'.repeat(60)}\n`.repeat(33_000)),
  "four megabytes of names without a text": () => config(`${"a: ".repeat(60)}\n`.repeat(22_000)),
  "a hundred thousand errors": () => "a: b: c: d\n".repeat(100_000),
};

/** Odd, and to be answered all the same. */
export const ODD_KUBECONFIGS: Readonly<Record<string, () => string>> = {
  "a hundred and thirty aliases": () =>
    config(
      `x: &a {b: c}\nclusters:\n- name: a\n  cluster: {server: "https://a", l: [${times(130, () => "*a, ")}]}\n`,
    ),
  "a thousand clusters": () => {
    const ca = "QUJD".repeat(400);
    const flags = times(12, (index) => `      - --flag-${index}\n`);
    return config(
      `clusters:\n${times(1000, (index) => `- name: c${index}\n  cluster:\n    server: https://c${index}.example\n    certificate-authority-data: ${ca}\n`)}` +
        `contexts:\n${times(1000, (index) => `- name: c${index}\n  context:\n    cluster: c${index}\n    user: u${index}\n`)}` +
        `users:\n${times(1000, (index) => `- name: u${index}\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: kubectl-vouch\n      args:\n${flags}`)}`,
    );
  },
  "five hundred clusters as JSON": () => {
    const cluster = { server: "https://c.example", "certificate-authority-data": "QUJD".repeat(400) };
    const args = Array.from({ length: 12 }, (_, index) => `--flag-${index}=value`);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "kubectl-vouch", args };
    const each = <T>(make: (name: string) => T) =>
      Array.from({ length: 500 }, (_, index) => make(`c${index}`));
    return JSON.stringify(
      {
        apiVersion: "v1",
        kind: "Config",
        clusters: each((name) => ({ name, cluster })),
        contexts: each((name) => ({ name, context: { cluster: name, user: name } })),
        users: each((name) => ({ name, user: { exec } })),
      },
      undefined,
      2,
    );
  },
  "a megabyte in one line": () => config(`x: ${"a".repeat(1_000_000)}\n`),
  "a long text": () => config(`x: "${"\\n".repeat(500_000)}"\n`),
};
