import fs from "node:fs";
import path from "node:path";

const PAGE = path.resolve(import.meta.dirname, "..", "..", "token", "SECURITY.md");

/** The first column of the table of variables and settings: each name that a row is about. `NODE_*` is every one of them. */
export function namesOnPage(): string[] {
  const [, section = ""] = fs.readFileSync(PAGE, "utf8").split("\n## What steers it\n");
  const rows =
    section
      .split("\n## ")[0]
      ?.split("\n")
      .filter((line) => line.startsWith("| `")) ?? [];
  return rows.flatMap(
    (row) => (row.split("|")[1] ?? "").match(/`[^`]+`/g)?.map((name) => name.slice(1, -1)) ?? [],
  );
}

export function isOnPage(name: string): boolean {
  return namesOnPage().some((listed) =>
    listed.endsWith("*") ? name.startsWith(listed.slice(0, -1)) : listed === name,
  );
}
