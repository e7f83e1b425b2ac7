import fs from "node:fs";
import path from "node:path";

/** What is at a place before a command writes; "ours" has the entries that the same command wrote there before. */
type Content = "nothing" | "empty" | "other" | "ours" | "corrupt" | "directory" | { readonly text: string };

/** Which of several kubeconfig files gets an entry: by us, who go by kubectl, and by `aws eks update-kubeconfig`. */
export interface PlaceCase {
  readonly what: string;
  readonly files: Readonly<Record<string, Content>>;
  /** KUBECONFIG with names of files; one in `--kubeconfig` alone. */
  readonly list: string;
  readonly flag?: string;
  /** The file that is written, or words of the refusal; a file's name here has no blanks and no brackets. */
  readonly ours: string;
  readonly aws: string;
}

/** The same of both. */
const both = (place: string) => ({ ours: place, aws: place });
const INVALID = "[kubeconfig-invalid]";
const UNREADABLE = "[file-unreadable]";
const CORRUPT = "YamlError while loading kubeconfig";

/**
 * Source: aws/aws-cli@07c4fe3, tests/unit/customizations/eks/test_kubeconfig.py, test_update_kubeconfig.py and
 * tests/functional/eks/test_kubeconfig.py, whose cases these are. Where we differ, kubectl does: it wants every file of the
 * list to be whole, and puts a new entry into the first that exists.
 */
export const PLACE_CASES: readonly PlaceCase[] = [
  {
    what: "blank elements are dropped, the order is kept",
    files: { a: "other", b: "other" },
    list: "::a: ::b",
    ...both("a"),
  },
  { what: "an element of blanks and tabs is none", files: { b: "other" }, list: " \t:b", ...both("b") },
  {
    what: "the first file that has the cluster",
    files: { a: "other", b: "ours", c: "ours" },
    list: "a:b:c",
    ...both("b"),
  },
  { what: "the only file, which is not there yet", files: {}, list: "deep/down/a", ...both("deep/down/a") },
  { what: "the only file, which is empty", files: { a: "empty" }, list: "a", ...both("a") },
  {
    what: "the first file, where the cluster is new",
    files: { a: "empty", b: "other", c: "nothing" },
    list: "a:b:c",
    ...both("a"),
  },
  {
    what: "a missing file before others",
    files: { a: "nothing", b: "empty", c: "other" },
    list: "a:b:c",
    ours: "b",
    aws: "a",
  },
  { what: "no file that is there", files: {}, list: "a:b", ours: "b", aws: "a" },
  {
    what: "--kubeconfig, whatever the list has",
    files: { a: "other", b: "corrupt", c: "ours" },
    list: "b:c",
    flag: "a",
    ...both("a"),
  },
  { what: "--kubeconfig, to a new file", files: { b: "ours" }, list: "b", flag: "deep/a", ...both("deep/a") },
  { what: "a corrupt file alone", files: { a: "corrupt" }, list: "a", ours: INVALID, aws: CORRUPT },
  {
    what: "a corrupt file in --kubeconfig",
    files: { a: "corrupt", b: "other" },
    list: "b",
    flag: "a",
    ours: INVALID,
    aws: CORRUPT,
  },
  {
    what: "corrupt files alone",
    files: { a: "corrupt", b: "corrupt" },
    list: "a:b",
    ours: INVALID,
    aws: CORRUPT,
  },
  {
    what: "a corrupt file before missing ones",
    files: { a: "corrupt" },
    list: "a:b:c",
    ours: INVALID,
    aws: CORRUPT,
  },
  {
    what: "a good file before corrupt ones",
    files: { a: "other", b: "corrupt" },
    list: "a:b",
    ours: INVALID,
    aws: "a",
  },
  {
    what: "a corrupt file before one that has the cluster",
    files: { a: "corrupt", b: "ours" },
    list: "a:b",
    ours: INVALID,
    aws: "b",
  },
  {
    what: "a missing, a corrupt, an empty and a good file",
    files: { b: "corrupt", c: "empty", d: "other" },
    list: "a:b:c:d",
    ours: INVALID,
    aws: "a",
  },
  { what: "plain text", files: { a: { text: "hello\n" } }, list: "a", ours: INVALID, aws: "Content not" },
  {
    what: "a section that is a text",
    files: { a: { text: "clusters: hello\n" } },
    list: "a",
    ours: INVALID,
    aws: "clusters is wrong type",
  },
  {
    what: "a section that is a map",
    files: { a: { text: "clusters: {lab: {}}\n" } },
    list: "a",
    ours: INVALID,
    aws: "clusters is wrong type",
  },
  {
    what: "an item that is a text",
    files: { a: { text: "users:\n- hello\n" } },
    list: "a",
    ours: INVALID,
    aws: "Entry in users not",
  },
  { what: "a directory", files: { a: "directory" }, list: "a", ours: UNREADABLE, aws: "Is a directory" },
  {
    what: "a directory behind a good file",
    files: { a: "other", b: "directory" },
    list: "a:b",
    ours: UNREADABLE,
    aws: "a",
  },
];

const OTHER_CLUSTER = `apiVersion: v1
kind: Config
clusters:
- cluster:
    server: https://other.example
  name: other
contexts: []
users: []
`;

/** Lays the files out in a folder; gives the list as a value for KUBECONFIG. */
export function layOut({ files, list }: PlaceCase, folder: string, ours: string): string {
  const texts = { empty: "", other: OTHER_CLUSTER, ours, corrupt: "clusters: []\ncontexts: [\n" };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (content === "directory") fs.mkdirSync(file);
    else if (typeof content === "object") fs.writeFileSync(file, content.text);
    else if (content !== "nothing") fs.writeFileSync(file, texts[content]);
  }
  return list
    .split(":")
    .map((name) => (name.trim() === "" ? name : path.join(folder, name.trim())))
    .join(":");
}

/** The files below a folder whose text is not what it was. */
export function changedBelow(folder: string, before: ReadonlyMap<string, string>): string[] {
  return [...textsBelow(folder)]
    .filter(([name, text]) => before.get(name) !== text)
    .map(([name]) => name)
    .sort();
}

export function textsBelow(folder: string): Map<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}
