import { parseSync, Visitor } from "oxc-parser";

/** A text of a source file that a user may read. */
export interface FoundText {
  readonly line: number;
  /** `…` stands for a value. */
  readonly text: string;
}

/** Texts of two words or more: strings and templates, but no import, no key of a map and no type. */
export function textsIn(file: string, source: string): FoundText[] {
  const found: { readonly start: number; readonly text: string }[] = [];
  const skipped = new Set<number>();
  new Visitor({
    ImportDeclaration: ({ source: name }) => skipped.add(name.start),
    ExportNamedDeclaration: ({ source: name }) => name && skipped.add(name.start),
    ExportAllDeclaration: ({ source: name }) => skipped.add(name.start),
    TSLiteralType: ({ literal }) => skipped.add(literal.start),
    Literal: ({ value, start }) => {
      if (typeof value === "string" && !skipped.has(start)) found.push({ start, text: value });
    },
    TemplateLiteral: ({ quasis, start }) => {
      found.push({ start, text: quasis.map(({ value }) => value.cooked ?? value.raw).join("…") });
    },
  }).visit(parseSync(file, source).program);
  const lineOf = (start: number) => source.slice(0, start).split("\n").length;
  return found
    .filter(({ text }) => /[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}/.test(text))
    .map(({ start, text }) => ({ line: lineOf(start), text }));
}
