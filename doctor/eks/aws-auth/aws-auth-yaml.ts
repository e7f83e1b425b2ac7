import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { YamlRefused, yamlDocuments } from "../../../token/text/yaml.ts";
import { indentedWithin } from "./indented-within.ts";
import { AwsAuthYamlError, scalarValue, Unclear } from "./scalar-value.ts";

/** A value of JSON. Keys are in the order written. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>;

/** What Go programs make of a text of aws-auth. */
interface AwsAuthYaml {
  /** As JSON. Throws `AwsAuthYamlError`. */
  readonly value: () => JsonValue;
  /** The scalars of a list as written, up to one that is none of its kind; an empty text for null. */
  readonly texts: () => readonly string[];
  /** The text behind the document, which is not read. */
  readonly rest: string;
}

const NOTHING: AwsAuthYaml = { value: () => null, texts: () => [], rest: "" };

/** So far back is looked for a question mark, in characters. */
const NEAR = 1000;

/** Characters that YAML 1.1 does not allow. */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** What our parser reads differently, wherever it stands. */
const ODD: readonly RegExp[] = [
  /[\u2028\u2029\ufeff]/,
  /^%(?!YAML)/m,
  /^\.\.\.\S/m,
  /(?:^|\s)- *\t/m,
  /(?:^|\s)&(?:[ -]|\S+ \*)/m,
  /(?:^|[\s,[{])&[\w-]*:\S/,
  /(?:^|\s)!\S*\s+\*/,
  /[|>][-+\d]*\t/,
  /\\\n\s*\n/,
  /\n[|>][-+\d]*\n|^[|>][-+\d]*\n\S/,
  /^ *(?:- )*\? .*\n +- \? /m,
  /^[^\n\r\u2028\u2029:?]*\n +:(?:\s|$)/m,
  /\n +\t-/,
  /^[ \n]*\t\s*$/,
  /\n%YAML/,
  /[|>][-+]?\d[-+]?\n *$/,
];

/** A key behind a question mark, and its value. */
const KEY_AND_VALUE = /^( *)((?:- )*)\? [^\n\r\u2028\u2029]*\n( *): /gm;

/** What Go refuses, and our parser cannot: a document that ends before it begins, and directives of no document. */
const REFUSED: readonly RegExp[] = [
  /^(?:[ \t]*(?:#.*)?\n)*\.\.\./,
  /^%YAML(?![ \t]+1\.1\s)/m,
  /^(?:[ \t]*(?:#.*)?\n)*%.*(?:\n[ \t]*(?:#.*)?(?=\n|$))*(?:\n(?!---)[ \t]*[^#\s]|$)/,
];

/**
 * What Go programs with `sigs.k8s.io/yaml` make of a text, as far as our parser reads it alike: undefined if they might differ.
 * Throws `AwsAuthYamlError`. Source: yaml/go-yaml@v2.4.4, decode.go; kubernetes-sigs/yaml@v1.6.0, yaml.go; what differs was found
 * by test/peers/corpora/aws-auth.peer.ts.
 */
export function readAwsAuthYaml(original: string): AwsAuthYaml | undefined {
  if (FORBIDDEN.test(original)) throw new AwsAuthYamlError("control characters are not allowed");
  const text = original.replace(/^\ufeff/, "").replaceAll(/\r\n?|\x85/g, "\n");
  const [, ...behind] = text.split(/^---/m);
  if (ODD.some((odd) => odd.test(text)) || behind.some((part) => /^%/m.test(part))) return undefined;
  if (REFUSED.some((refused) => refused.test(text)))
    throw new AwsAuthYamlError("did not find expected <document start>");
  for (const [, indent = "", dashes = "", colon = ""] of text.matchAll(KEY_AND_VALUE))
    if (indent.length + dashes.length !== colon.length) return undefined;
  try {
    return firstDocument(indented(text));
  } catch (error) {
    if (error instanceof YamlRefused || error instanceof Unclear) return undefined;
    throw error;
  }
}

/** What stands behind a dedent is not read, so it may be wrong. */
function indented(text: string): string {
  try {
    return indentedWithin(text);
  } catch (error) {
    const isDedented = /^ +\S/.test(text) && /\n\S/.test(text);
    throw isDedented || /\n---/.test(text) ? new Unclear() : error;
  }
}

function firstDocument(text: string): AwsAuthYaml {
  const [document, next] = yamlDocuments(text, { version: "1.1", schema: "failsafe", uniqueKeys: false });
  if (document === undefined || !("contents" in document)) return NOTHING;
  const { contents, errors } = document;
  const [error] = errors;
  let restAt = next === undefined ? text.length : document.range[2];
  if (error !== undefined) {
    const [at] = error.pos;
    const isBehind = contents !== null && isOver(contents, error, text);
    if (!isBehind) {
      const isRootKey = isMap(contents) && isFlowNode(contents.items[0]?.key);
      const isOpen = error.code === "MISSING_CHAR" || error.code === "BAD_INDENT";
      const isBehindFlow = isFlowNode(contents) && !isOpen && at >= (contents?.range[1] ?? 0);
      if (error.code === "BAD_DQ_ESCAPE" || isRootKey || isBehindFlow) throw new Unclear();
      const line = text.slice(0, at).split("\n").length;
      throw new AwsAuthYamlError(`line ${line}: ${error.message}`);
    }
    restAt = at;
  }
  const rest = text.slice(restAt);
  if (contents === null) return { ...NOTHING, rest };
  const reader = new Reader(document, text.slice(0, restAt));
  return { value: () => reader.value(contents), texts: () => reader.texts(contents), rest };
}

/**
 * Whether Go's parser is done with a document where ours finds an error, and reads nothing of what stands there. Throws `Unclear`.
 */
function isOver(contents: ParsedNode, { code, pos: [at] }: YAMLError, text: string): boolean {
  const [start, end] = contents.range;
  if (start === end || at < end || code === "MISSING_CHAR" || code === "BAD_INDENT") return false;
  const between = text.slice(end, at);
  if (/^\.\.\./m.test(between)) return true;
  const isBlock = (isMap(contents) || isSeq(contents)) && contents.flow !== true;
  if (isBlock) return code === "UNEXPECTED_TOKEN" && columnOf(at, text) < columnOf(start, text);
  if (!between.includes("\n") && !/\w/.test(text.charAt(at))) throw new Unclear();
  return true;
}

function columnOf(at: number, text: string): number {
  return at - text.lastIndexOf("\n", at - 1) - 1;
}

class Reader {
  readonly #document: Document;
  readonly #open = new Set<unknown>();
  #decoded = 1;
  #decodedByAlias = 0;

  constructor(document: Document.Parsed, text: string) {
    this.#document = document;
    const anchors = new Set<string>();
    const covered = new Uint8Array(text.length);
    visit(document, {
      Node: (_, node, path) => {
        const { range } = node as ParsedNode;
        const parent = path.findLast((one) => isMap(one) || isSeq(one));
        if (isScalar(node) && node.type === "PLAIN" && isFlowNode(parent)) refuseQuestion(node.source ?? "");
        const anchor = isAlias(node) ? node.source : node.anchor;
        if (anchor !== undefined && /^[\w-]*[?:,\]}%@`]/.test(anchor)) throw new Unclear();
        if (anchor !== undefined && !/^[\w-]+$/.test(anchor))
          throw new AwsAuthYamlError("did not find expected alphabetic or numeric character");
        if (isAlias(node) && !anchors.has(node.source))
          throw new AwsAuthYamlError(`unknown anchor '${node.source}' referenced`);
        if (anchor !== undefined) anchors.add(anchor);
        // Our parser ends a block with a line break even if the text has none.
        if (
          isScalar(node) &&
          node.type?.startsWith("BLOCK") &&
          range[2] >= text.length &&
          !text.endsWith("\n")
        )
          node.value = String(node.value).replace(/\n$/, "");
        if (isScalar(node) && node.type === "QUOTE_DOUBLE") refuseEscapes(text.slice(range[0], range[1]));
        const isFlow = (isMap(node) || isSeq(node)) && node.flow === true;
        const isBlock = isScalar(node) && node.type?.startsWith("BLOCK");
        if (
          (isBlock || (isFlow && node !== document.contents)) &&
          /\n *\t/.test(text.slice(range[0], range[1]))
        )
          throw new Unclear();
        if (isFlow || (isScalar(node) && node.type !== "PLAIN")) covered.fill(1, range[0], range[2]);
      },
      Pair: (_, { key }, path) => {
        const { range } = key as ParsedNode;
        const isExplicit =
          !isFlowNode(path.at(-1)) &&
          text
            .slice(Math.max(0, range[0] - NEAR), range[0])
            .trimEnd()
            .endsWith("?");
        if (isFlowNode(path.at(-1)) && text.slice(range[0], range[1]).includes("\n")) throw new Unclear();
        if (range[0] === range[1] && !isExplicit) throw new AwsAuthYamlError("did not find expected key");
        if (isScalar(key) && range[1] - range[0] > 1024)
          throw new AwsAuthYamlError("could not find expected ':'");
      },
    });
    for (const { index } of text.matchAll(/^ *\t/gm))
      if (covered[index] === 0) throw new AwsAuthYamlError("found character that cannot start any token");
  }

  value(node: unknown): JsonValue {
    this.#count();
    if (isAlias(node)) return this.#within(node.resolve(this.#document), (target) => this.value(target));
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (isMap(node)) return this.#filled(new Map(), node);
    return isScalar(node) ? json(node) : null;
  }

  #count(): void {
    this.#decoded += 1;
    if (this.#open.size > 0) this.#decodedByAlias += 1;
    const share = this.#decodedByAlias / this.#decoded;
    if (this.#decodedByAlias > 100 && this.#decoded > 1000 && share > 0.99)
      throw new AwsAuthYamlError("document contains excessive aliasing");
  }

  texts(contents: unknown): string[] {
    const texts: string[] = [];
    try {
      for (const item of isSeq(contents) ? contents.items : []) texts.push(...this.#text(item));
    } catch (error) {
      if (!(error instanceof AwsAuthYamlError)) throw error;
    }
    return texts;
  }

  #text(node: unknown): string[] {
    const scalar = isAlias(node) ? node.resolve(this.#document) : node;
    if (!isScalar(scalar)) return [];
    const value = scalarOf(scalar);
    return [value === null ? "" : typeof value === "string" ? value : String(scalar.source ?? scalar.value)];
  }

  #within<T>(target: unknown, read: (target: unknown) => T): T {
    if (target === undefined) throw new AwsAuthYamlError("unknown anchor");
    if (this.#open.has(target)) throw new AwsAuthYamlError("an anchor contains itself");
    this.#open.add(target);
    const value = read(target);
    this.#open.delete(target);
    return value;
  }

  #filled(map: Map<string, JsonValue>, { items }: YAMLMap): Map<string, JsonValue> {
    for (const { key, value } of items) {
      if (isMerge(key)) this.#merge(map, value);
      else map.set(keyText(isAlias(key) ? key.resolve(this.#document) : key), this.value(value));
    }
    return map;
  }

  /** If there are several maps, the first takes precedence. */
  #merge(map: Map<string, JsonValue>, value: unknown): void {
    for (const item of isSeq(value) ? value.items.toReversed() : [value]) {
      const source = isAlias(item) ? item.resolve(this.#document) : item;
      if (!isMap(source))
        throw new AwsAuthYamlError("map merge requires map or sequence of maps as the value");
      this.#within(source, () => this.#filled(map, source));
    }
  }
}

function isMerge(key: unknown): boolean {
  return (
    isScalar(key) &&
    key.value === "<<" &&
    (key.tag === undefined ? key.type === "PLAIN" : key.tag.endsWith(":merge"))
  );
}

function isFlowNode(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

/** In brackets, Go takes it for the beginning of a key. */
function refuseQuestion(source: string): void {
  if (source.startsWith("?") || source.startsWith(":")) throw new Unclear();
  if (source.includes("?")) throw new AwsAuthYamlError("did not find expected ',' or ']'");
}

/** What Go does not know, or what is half a character. */
function refuseEscapes(source: string): void {
  if (/(?<!\\)(?:\\\\)*\\(?:\/|u[dD][89a-fA-F])/.test(source))
    throw new AwsAuthYamlError("found unknown escape character");
}

function json(node: Scalar): string | number | boolean | null {
  const value = scalarOf(node);
  if (typeof value === "number" && !Number.isFinite(value)) throw new AwsAuthYamlError("unsupported value");
  return typeof value === "bigint" ? Number(value) : value;
}

function scalarOf({ value, type, tag }: Scalar): ReturnType<typeof scalarValue> {
  return scalarValue(String(value), tag ?? "", type === "PLAIN");
}

function keyText(key: unknown): string {
  if (!isScalar(key)) throw new AwsAuthYamlError("invalid map key");
  const value = scalarOf(key);
  if (value === null || typeof value === "bigint") throw new AwsAuthYamlError("unsupported map key");
  return String(value);
}
