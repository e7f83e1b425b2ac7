/** Numbers that look random and are the same each time. Mulberry32, by Tommy Ettinger (public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

const SECTION_KEYS = { clusters: "cluster", contexts: "context", users: "user" } as const;

/** Bodies as people and tools leave them; each a list of lines to be indented. */
const BODIES: Record<keyof typeof SECTION_KEYS, readonly (readonly string[])[]> = {
  clusters: [
    ["server: https://10.0.0.1:6443 # office", "insecure-skip-tls-verify: true"],
    [
      "certificate-authority: ca.crt",
      "server:   'https://kind.example'",
      "proxy-url: http://proxy:3128",
      "# below",
    ],
    ["# odd", "server: https://gke.example", 'tls-server-name: "x"', "unknown-field: {a: [1, 2], b: ~}"],
    [
      "extensions:",
      "- name: minikube",
      "  extension:",
      "    last-update: Tue, 01 Jan 2026",
      "server: https://mini",
    ],
  ],
  contexts: [
    ["cluster: kind", "user: kind"],
    ["user: admin # not me", "cluster: 'prod'", 'namespace: "team a"'],
    ["{cluster: kind, user: kind}"],
  ],
  users: [
    ["token: no", "password: 1:30"],
    ["client-certificate-data: LS0tLS1CRUdJTg==", "client-key-data: >-", "  LS0t", "  S0tLQ=="],
    [
      "exec:",
      "  apiVersion: client.authentication.k8s.io/v1beta1",
      "  command: gke-plugin",
      "  args:",
      "    - --x",
      "",
      "    # last",
      "    - 'y'",
    ],
    ['{token: "s3cret, {x}", as-uid: 017}'],
    ["token: |", "  abc", "  def", ""],
  ],
};

/** A valid kubeconfig in a style that a program would not choose: the same one for the same seed. */
export function oddKubeconfig(seed: number): string {
  const random = seededRandom(seed);
  const newline = random() < 0.25 ? "\r\n" : "\n";
  if (random() < 0.1) return jsonKubeconfig(random);
  const blocks = shuffled(random, [
    ["apiVersion: v1"],
    [random() < 0.5 ? "kind: Config" : '"kind": "Config" # quoted'],
    ...(random() < 0.5 ? [["preferences: {}"]] : []),
    ...(random() < 0.5 ? [["current-context: kind # mine"]] : []),
    ...(random() < 0.4 ? [["x-shared: &shared", "  disable-compression: true", "other: *shared"]] : []),
    ...(Object.keys(SECTION_KEYS) as (keyof typeof SECTION_KEYS)[]).map((section) =>
      sectionLines(random, section),
    ),
  ]);
  const lines = blocks.flatMap((block) => [...comment(random, 0), ...block, ...(random() < 0.2 ? [""] : [])]);
  const head = [...(random() < 0.2 ? ["# \t kept by hand"] : []), ...(random() < 0.2 ? ["---"] : [])];
  const text = [...head, ...lines].join(newline);
  const end = random() < 0.2 && !/[|>]-?\r?\n[^\n]*$/.test(text) && !text.endsWith(newline) ? "" : newline;
  return (random() < 0.1 ? "\ufeff" : "") + text + end;
}

function sectionLines(random: Random, section: keyof typeof SECTION_KEYS): string[] {
  const style = random();
  if (style < 0.08) return [];
  if (style < 0.16) return [`${section}: []  # none yet`];
  if (style < 0.22) return [`${section}:`];
  if (style < 0.28) return [`${section}: null`];
  if (style < 0.36) {
    const key = SECTION_KEYS[section];
    return random() < 0.5
      ? [`${section}: [{name: flow-a, ${key}: {}}, {name: flow-b, ${key}: {extra: "x"}}]`]
      : [
          `${section}: [`,
          `  {name: flow-a, ${key}: {}}, # first`,
          `  {"name":"flow-b","${key}":{"extra":null}},`,
          "  ]",
        ];
  }
  const indent = pick(random, [0, 0, 2, 4]);
  const names = ["kind", "prod", "lab", "arn:aws:eks:eu-west-1:111122223333:cluster/lab", "with space"].slice(
    0,
    1 + Math.floor(random() * 5),
  );
  return [
    `${section}:${random() < 0.2 ? " # all of them" : ""}`,
    ...names.flatMap((name) => itemLines(random, section, { name, indent })),
  ];
}

function itemLines(
  random: Random,
  section: keyof typeof SECTION_KEYS,
  item: { name: string; indent: number },
): string[] {
  const gap = pick(random, [1, 1, 3]);
  const inner = item.indent + 1 + gap;
  const step = pick(random, [1, 2, 4]);
  const body = pick(random, BODIES[section]);
  const isFlow = body[0]?.startsWith("{") ?? false;
  const bodyLines = isFlow
    ? [`${SECTION_KEYS[section]}: ${body[0]}`]
    : [`${SECTION_KEYS[section]}:`, ...body.map((line) => (line === "" ? "" : " ".repeat(step) + line))];
  const nameLine = `name: ${/[: ]/.test(item.name) ? JSON.stringify(item.name) : item.name}`;
  const own = random() < 0.5 ? [nameLine, ...bodyLines] : [...bodyLines, nameLine];
  const padded = own.map((line) => (line === "" ? "" : " ".repeat(inner) + line));
  const first = `${" ".repeat(item.indent)}-${" ".repeat(gap)}${own[0]}`;
  return [...comment(random, item.indent), first, ...padded.slice(1)];
}

function jsonKubeconfig(random: Random): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters:
      random() < 0.5 ? null : [{ name: "kind", cluster: { server: "https://x", "proxy-url": "http://p" } }],
    users: [{ name: "kind", user: { token: "s3cret" } }],
    contexts: [],
  };
  return JSON.stringify(config, null, random() < 0.5 ? 2 : 0);
}

function comment(random: Random, indent: number): string[] {
  return random() < 0.2 ? [`${" ".repeat(indent)}# note ${Math.floor(random() * 1000)}\twith a tab`] : [];
}

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new RangeError("nothing to choose from");
  return choice;
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}
