import { defined } from "../../token/record.ts";
import { namespaceFlag } from "../derive/authorization/access-request.ts";
import { commandWords } from "../derive/kubeconfig/command-words.ts";
import { isComplaint } from "./complaint.ts";
import type { Recognition } from "./found.ts";

type Row = Readonly<Record<string, string>>;

/** The tables of kubectl that are evidence, by the columns with which they begin. Source: kubernetes/kubernetes, printers.go. */
const TABLES: readonly (readonly [
  columns: RegExp,
  read: (rows: readonly Row[], command: string) => Recognition,
])[] = [
  [/^(?:NAMESPACE +)?NAME +ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\b/, bindings],
  [
    /^(?:NAMESPACE +)?NAME +ROLE +AGE *$/,
    () => ({ ignored: "bindings without subjects; run the command again with -o json" }),
  ],
  [/^NAME +STATUS +AGE\b/, namespaces],
  [/^CURRENT +NAME +CLUSTER +AUTHINFO\b/, currentContext],
  [/^Resources +Non-Resource URLs +Resource Names +Verbs *$/, () => RULES_OF_RBAC],
];

/** Source: doctor/EKS-ACCESS.md, "Reviews". */
const RULES_OF_RBAC: Recognition = {
  ignored: "a list that omits what access policies grant; run kubectl auth can-i VERB RESOURCE",
};

/** What a table of kubectl says; undefined for one that is no evidence. */
export function recognizeTable(text: string, command: string): Recognition | undefined {
  const [header = "", ...lines] = text.split("\n");
  const [, read] = TABLES.find(([columns]) => columns.test(header)) ?? [];
  const rows = rowsBelow(header, lines);
  return rows === undefined ? read && BROKEN : read?.(rows, command);
}

/** The index behind the last line of such a table that begins in a line; undefined where none does. */
export function tableEnd(lines: readonly string[], start: number): number | undefined {
  const header = lines[start] ?? "";
  if (!/^ATTRIBUTE +VALUE *$/.test(header) && !TABLES.some(([columns]) => columns.test(header)))
    return undefined;
  let end = start + 1;
  while (end < lines.length && (lines[end] ?? "").trim() !== "" && !isComplaint(lines[end] ?? "")) end += 1;
  return end;
}

const BROKEN: Recognition = {
  ignored: "a table whose columns are not aligned; run the command again with -o json",
};

/** Rows by the names of the columns, each of which begins where its name does. Undefined where a copy has moved them. */
function rowsBelow(header: string, lines: readonly string[]): Row[] | undefined {
  const columns = [...header.matchAll(/(?:^|(?<=\s))\S+(?: [A-Z]\S+)*/g)].map(({ 0: name, index }) => ({
    name,
    index,
  }));
  const isMoved = (line: string) =>
    columns.some(({ index }) => index > 0 && /\S/.test(line.charAt(index - 1)));
  if (columns.length < 2 || lines.some(isMoved)) return undefined;
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) =>
      Object.fromEntries(
        columns.map(({ name, index }, at) => [name, line.slice(index, columns[at + 1]?.index).trim()]),
      ),
    );
}

function bindings(rows: readonly Row[], command: string): Recognition {
  const items = rows.flatMap((row) => {
    const { NAMESPACE, NAME = "", ROLE = "", USERS = "", GROUPS = "", SERVICEACCOUNTS = "" } = row;
    // kubectl prefixes each name with its kind where a command asks for several.
    const [, typed, name = ""] = /^(?:(clusterrolebinding|rolebinding)\.rbac[\w.]*\/)?(.*)$/.exec(NAME) ?? [];
    const isOfCluster =
      typed === undefined
        ? NAMESPACE === undefined && /\bclusterrolebindings?\b/i.test(command)
        : typed === "clusterrolebinding";
    const [, kind, role] = /^(ClusterRole|Role)\/(\S{1,253})$/.exec(ROLE) ?? [];
    const namespace = isOfCluster ? undefined : (NAMESPACE ?? namespaceFlag(commandWords(command)));
    if (kind === undefined || name === "" || (!isOfCluster && namespace === undefined)) return [];
    const subjects = [
      ...listIn(USERS).map((name) => ({ kind: "User", name })),
      ...listIn(GROUPS).map((name) => ({ kind: "Group", name })),
      ...listIn(SERVICEACCOUNTS).map((whole) => {
        const [first = "", name] = whole.split("/", 2);
        const home = name === undefined ? undefined : first;
        return defined({ kind: "ServiceAccount", name: name ?? first, namespace: home });
      }),
    ];
    const metadata = defined({ name, namespace });
    const type = isOfCluster ? "ClusterRoleBinding" : "RoleBinding";
    return [{ kind: type, metadata, roleRef: { kind, name: role }, subjects }];
  });
  return items.length === 0
    ? { ignored: "bindings without a namespace" }
    : [{ part: "rbac", value: { items }, isExcerpt: true }];
}

function listIn(cell: string): string[] {
  return cell.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
}

function namespaces(rows: readonly Row[], command: string): Recognition {
  const names = rows.flatMap(({ NAME = "" }) => (/^[a-z0-9][a-z0-9-]{0,62}$/.test(NAME) ? [NAME] : []));
  const isPart =
    names.length < rows.length || !/\bget (?:ns|namespaces?)(?: (?:-o wide|--show-labels))?$/.test(command);
  const items = names.map((name) => ({ kind: "Namespace", metadata: { name } }));
  return [{ part: "namespaces", value: { items }, isExcerpt: isPart }];
}

function currentContext(rows: readonly Row[]): Recognition {
  const current = rows.find(({ CURRENT }) => CURRENT === "*")?.["NAME"];
  if (current === undefined) return { ignored: "contexts without a current one" };
  return { context: current };
}
