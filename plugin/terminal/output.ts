import { Document, visit } from "yaml";
import { isPrintable, shown } from "../../token/text/printable.ts";
import { timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import type { BodyOf, Kind } from "../kinds/kinds.ts";

/** Whether `-o` asks for an object. */
export function isForPrograms(output: string): output is "json" | "yaml" {
  return output === "json" || output === "yaml";
}

/** Prints one object for programs: `{ apiVersion, kind, … }`. */
export function printObject<K extends Kind>(
  app: Pick<App, "io">,
  format: "json" | "yaml",
  kind: K,
  body: BodyOf<K>,
): void {
  const object = { apiVersion: "vouch.kubectl/v1", kind, ...body };
  app.io.out(format === "json" ? `${JSON.stringify(object, null, 2)}\n` : yamlText(object));
}

/**
 * YAML that means the same to readers of YAML 1.1, which reads more words as times, numbers and booleans, and also after `Io.out`
 * has escaped invisible characters: these are between double quotes.
 */
export function yamlText(value: object): string {
  const document = new Document(JSON.parse(JSON.stringify(value)), { compat: "yaml-1.1" });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && !isPrintable(node.value.replaceAll("\n", "")))
        node.type = "QUOTE_DOUBLE";
    },
  });
  // Not as surrogate pairs, as in JSON: readers of YAML need the whole code point.
  return document
    .toString()
    .replaceAll(/[^\0-\uffff]/gu, (sign) =>
      isPrintable(sign) ? sign : `\\U${sign.codePointAt(0)?.toString(16).padStart(8, "0")}`,
    );
}

/** Rows as columns, padded with two spaces between them; the first row is the heading. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(shown));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Whole seconds of that many milliseconds; never negative. */
function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}

/** `7 h 59 min`, `12 min`, `45 s`; never negative. */
export function duration(ms: number): string {
  const seconds = wholeSeconds(ms);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

/** When something ends, for programs, which may have another clock. */
export function endObject(end: number, now: number) {
  return { expiresAt: timestamp(end), expiresInSeconds: wholeSeconds(end - now) };
}
