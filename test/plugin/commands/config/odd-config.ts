import { seededRandom } from "../../setup/odd-kubeconfig.ts";

/** Lines that set each setting, as people and tools write them. */
const LINES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  server: [
    ["server: https://a.example"],
    ["server:   'https://a.example'   # the company's"],
    ["? server", ": https://a.example"],
    ["server: >-  # folded", "  https://a.example", ""],
    ["server:", "  # why", "  https://a.example"],
  ],
  account: [
    ["account: ada@example.com"],
    ['"account": "ada@exa\\', '  mple.com" # split'],
    ["account: !!str ada@example.com"],
  ],
  keyStore: [["keyStore: file"], ["keyStore:\t# where", "    keyring"]],
  cache: [["cache: off"], ["cache:    true      # aligned"], ["'cache': \"on\""]],
  notify: [["notify:    on"], ["notify: |-", "  off", "", ""]],
  requireClusterInfo: [["requireClusterInfo: true"]],
  vouchCaBundle: [["vouchCaBundle: /etc/ca.pem"], ['vouchCaBundle: "/etc/with space.pem"']],
  stsEndpoint: [["stsEndpoint: &x https://aws.example"], ["stsEndpoint: https://sts.example"]],
  eksEndpoint: [["eksEndpoint: *x"], ["eksEndpoint: https://eks.example # last"]],
};

const FLOWS = [
  "{}",
  "{ }",
  "{ # nothing\n}",
  '{"cache": true}',
  '{\n  "server": "https://a.example",\n  "cache": false\n}',
];

/** A valid `config.yaml` in a style that a program would not choose: the same one for the same seed. */
export function oddConfig(seed: number): string {
  const random = seededRandom(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const names = Object.keys(LINES).filter(() => random() < 0.35);
  const newline = pick(["\n", "\n", "\r\n"]);
  const head = pick([
    [],
    [],
    ["# ours"],
    ["---"],
    ["--- # ours"],
    ["%YAML 1.2", "# ours", "---", ""],
    ["", ""],
  ]);
  const isFlow = random() < 0.3;
  const note = () => pick([[], [], [], [""], ["# note"], [" # note, further in"]]);
  const body = isFlow ? flow(names, pick) : block(names, pick, note);
  const tail = pick([[], [], ["# the end"], ["", "# the end", ""], ["..."], ["# the end", "..."]]);
  const text = [...head, ...body, ...tail].join(newline);
  const end = pick(["", newline, newline]);
  return (random() < 0.15 ? "\ufeff" : "") + text + end;
}

type Pick = <T>(choices: readonly T[]) => T;

function block(names: readonly string[], pick: Pick, note: () => readonly string[]): string[] {
  const indent = pick(["", "", "  "]);
  return names.flatMap((name) => {
    const lines = pick(LINES[name] ?? []).map((line) => (line === "" ? "" : indent + line));
    return [...note(), ...lines];
  });
}

function flow(names: readonly string[], pick: Pick): string[] {
  const words = names.flatMap((name) => {
    const [line = "", ...more] = LINES[name]?.[0] ?? [];
    return more.length > 0 ? [] : [line];
  });
  if (words.length === 0) return pick(FLOWS).split("\n");
  const comma = pick(["", "", ",", " ,"]);
  return pick([
    [`{${words.join(", ")}${comma}}`],
    [`{ ${words.join(" ,  ")}${comma} } # one line`],
    ["{", ...words.map((word) => `  ${word}, # about it`), "}"],
    [
      "{ # first",
      ...words.map((word, index) => `  ${index > 0 ? ", " : ""}${word} # about it`),
      "",
      "  # last",
      "}",
    ],
  ]);
}
