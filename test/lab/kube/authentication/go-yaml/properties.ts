/** Anchors, aliases, tags and directives. Source: yaml/go-yaml@v2.4.4, scannerc.go. */
import { type Cursor, isSpace } from "./cursor.ts";

export type Property = NamedProperty | TagProperty;

interface NamedProperty {
  readonly kind: "alias" | "anchor" | "version";
  readonly value: string;
}

interface TagProperty {
  readonly kind: "tag" | "tag handle";
  /** `!`, `!!`, `!mine!`; empty for a tag that is written in full. */
  readonly handle: string;
  /** What follows the handle, or what the handle stands for. */
  readonly suffix: string;
}

const WORD = /^[\w-]$/;
const URI = /^[\w\-;/?:@&=+$,.!~*'()[\]%]$/;

export function scanAnchor(cursor: Cursor): NamedProperty {
  const kind = cursor.read() === "*" ? "alias" : "anchor";
  const value = cursor.readAll(WORD);
  if (value === "" || !(isSpace(cursor.peek()) || "?:,]}%@`".includes(cursor.peek()))) {
    throw cursor.error("did not find expected alphabetic or numeric character");
  }
  return { kind, value };
}

export function scanTag(cursor: Cursor): TagProperty {
  const tag = cursor.peek(1) === "<" ? scanWholeTag(cursor) : scanShortTag(cursor);
  if (!isSpace(cursor.peek())) throw cursor.error("did not find expected whitespace or line break");
  return tag;
}

function scanWholeTag(cursor: Cursor): TagProperty {
  cursor.skip(2);
  const suffix = scanUri(cursor);
  if (cursor.read() !== ">") throw cursor.error("did not find the expected '>'");
  return { kind: "tag", handle: "", suffix };
}

function scanShortTag(cursor: Cursor): TagProperty {
  const handle = scanHandle(cursor);
  if (handle.length > 1 && handle.endsWith("!")) return { kind: "tag", handle, suffix: scanUri(cursor) };
  const suffix = handle.slice(1) + (URI.test(cursor.peek()) ? scanUri(cursor) : "");
  return suffix === "" ? { kind: "tag", handle: "", suffix: "!" } : { kind: "tag", handle: "!", suffix };
}

function scanHandle(cursor: Cursor): string {
  if (cursor.peek() !== "!") throw cursor.error("did not find expected '!'");
  const handle = cursor.read() + cursor.readAll(WORD);
  return cursor.peek() === "!" ? handle + cursor.read() : handle;
}

function scanUri(cursor: Cursor): string {
  const uri = cursor.readAll(URI);
  if (uri === "") throw cursor.error("did not find expected tag URI");
  try {
    return decodeURIComponent(uri);
  } catch {
    throw cursor.error("did not find URI escaped octet");
  }
}

export function scanDirective(cursor: Cursor): Property {
  cursor.skip();
  const name = cursor.readAll(WORD);
  if (name === "") throw cursor.error("could not find expected directive name");
  if (!isSpace(cursor.peek())) throw cursor.error("found unexpected non-alphabetical character");
  cursor.skipBlanks();
  if (name !== "YAML" && name !== "TAG") throw cursor.error("found unknown directive name");
  const directive = name === "YAML" ? scanVersion(cursor) : scanTagHandle(cursor);
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isSpace(cursor.peek())) throw cursor.error("did not find expected comment or line break");
  cursor.readBreak();
  return directive;
}

function scanVersion(cursor: Cursor): NamedProperty {
  const major = scanVersionNumber(cursor);
  if (cursor.read() !== ".") throw cursor.error("did not find expected digit or '.' character");
  return { kind: "version", value: `${major}.${scanVersionNumber(cursor)}` };
}

function scanVersionNumber(cursor: Cursor): number {
  const digits = cursor.readAll(/^\d$/);
  if (digits === "") throw cursor.error("did not find expected version number");
  if (digits.length > 2) throw cursor.error("found extremely long version number");
  return Number(digits);
}

function scanTagHandle(cursor: Cursor): TagProperty {
  const handle = scanHandle(cursor);
  if (!handle.endsWith("!")) throw cursor.error("did not find expected '!'");
  const isEnded = cursor.peek() !== "" && isSpace(cursor.peek());
  if (!isEnded) throw cursor.error("did not find expected whitespace");
  cursor.skipBlanks();
  const suffix = scanUri(cursor);
  if (!isSpace(cursor.peek())) throw cursor.error("did not find expected whitespace or line break");
  return { kind: "tag handle", handle, suffix };
}
