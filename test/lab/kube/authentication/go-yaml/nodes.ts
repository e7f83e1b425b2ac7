import { GoYamlError } from "./cursor.ts";
import { Scanner, type Token } from "./scanner.ts";

export type Node = Scalar | List | Mapping | Alias;

export interface Scalar {
  readonly kind: "scalar";
  readonly value: string;
  readonly tag: string;
  /** Whether its type depends on what it looks like. */
  readonly isImplicit: boolean;
}

interface List {
  readonly kind: "list";
  readonly items: Node[];
}

export interface Mapping {
  readonly kind: "map";
  readonly pairs: [Node, Node][];
}

export interface Alias {
  readonly kind: "alias";
  readonly name: string;
  readonly target: Node;
}

/** What go-yaml reads from a text: its first document. */
export interface FirstDocument {
  /** Undefined: there is none. */
  readonly root: Node | undefined;
  /** The text after the document, which is not read; empty if it is only a marker or a comment. */
  readonly rest: string;
}

/** Throws `GoYamlError`. Source: yaml/go-yaml@v2.4.4, parserc.go; the tree, decode.go. */
export function parseFirstDocument(text: string): FirstDocument {
  return new Parser(text).document();
}

const EMPTY: Scalar = { kind: "scalar", value: "", tag: "", isImplicit: true };

/** Maximum nesting of lists and maps, for our stack; go-yaml allows ten times as many levels. */
const MAX_DEPTH = 1000;

type Kind = Token["kind"];
type Bind = <N extends Node>(node: N) => N;

class Parser {
  readonly #scanner: Scanner;
  readonly #handles = new Map([
    ["!", "!"],
    ["!!", "tag:yaml.org,2002:"],
  ]);
  readonly #anchors = new Map<string, Node>();
  #depth = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  document(): FirstDocument {
    if (this.#isNext("end")) return { root: undefined, rest: "" };
    const root = this.#isNext("version", "tag handle", "---")
      ? this.#explicitRoot()
      : this.#node(true, false);
    return { root, rest: this.#scanner.rest() };
  }

  #explicitRoot(): Node {
    this.#directives();
    if (!this.#skipIf("---")) throw this.#error("did not find expected <document start>");
    return this.#isNext("version", "tag handle", "---", "...", "end") ? EMPTY : this.#node(true, false);
  }

  #directives(): void {
    const seen = new Set<string>();
    while (this.#isNext("version", "tag handle")) {
      const token = this.#scanner.peek();
      const name = token.kind === "tag handle" ? token.handle : "%YAML";
      if (seen.has(name)) {
        throw this.#error(`found duplicate ${name === "%YAML" ? name : "%TAG"} directive`);
      }
      seen.add(name);
      if (token.kind === "tag handle") this.#handles.set(token.handle, token.suffix);
      if (token.kind === "version" && token.value !== "1.1")
        throw this.#error("found incompatible YAML document");
      this.#scanner.next();
    }
  }

  #isNext(...kinds: readonly Kind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  #skipIf(kind: Kind): boolean {
    const isThere = this.#isNext(kind);
    if (isThere) this.#scanner.next();
    return isThere;
  }

  /** The parser counts lines from 0, and does not mention the first. */
  #error(problem: string): GoYamlError {
    return new GoYamlError(problem, this.#scanner.peek().line);
  }

  #node(isBlock: boolean, isIndentless: boolean): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#error(`exceeded max depth of ${MAX_DEPTH}`);
    const node = this.#alias() ?? this.#ownNode(isBlock, isIndentless);
    this.#depth -= 1;
    return node;
  }

  #alias(): Alias | undefined {
    const token = this.#scanner.peek();
    if (token.kind !== "alias") return undefined;
    const target = this.#anchors.get(token.value);
    if (target === undefined) throw new GoYamlError(`unknown anchor '${token.value}' referenced`);
    this.#scanner.next();
    return { kind: "alias", name: token.value, target };
  }

  #ownNode(isBlock: boolean, isIndentless: boolean): Node {
    const { anchor, tag } = this.#properties();
    const bind: Bind = (node) => {
      if (anchor !== undefined) this.#anchors.set(anchor, node);
      return node;
    };
    const token = this.#scanner.peek();
    if (isIndentless && token.kind === "-") return this.#indentless(bind);
    if (token.kind === "scalar") {
      this.#scanner.next();
      const isImplicit = tag === "!" || (tag === "" && token.isPlain);
      return bind({ kind: "scalar", value: token.value, tag, isImplicit });
    }
    if (token.kind === "[") return this.#flowList(bind);
    if (token.kind === "{") return this.#flowMap(bind);
    if (isBlock && token.kind === "block list") return this.#blockList(bind);
    if (isBlock && token.kind === "block map") return this.#blockMap(bind);
    if (anchor === undefined && tag === "") throw this.#error("did not find expected node content");
    return bind({ ...EMPTY, tag, isImplicit: tag === "" });
  }

  /** An anchor and a tag, in either order. */
  #properties(): { readonly anchor: string | undefined; readonly tag: string } {
    const first = this.#anchor();
    const tag = this.#tag();
    return { anchor: first ?? this.#anchor(), tag };
  }

  #anchor(): string | undefined {
    const token = this.#scanner.peek();
    if (token.kind !== "anchor") return undefined;
    this.#scanner.next();
    return token.value;
  }

  #tag(): string {
    const token = this.#scanner.peek();
    if (token.kind !== "tag") return "";
    const prefix = token.handle === "" ? "" : this.#handles.get(token.handle);
    if (prefix === undefined) throw this.#error("found undefined tag handle");
    this.#scanner.next();
    return prefix + token.suffix;
  }

  /** The next node, or an empty one if the next token is of these kinds. */
  #nodeUnless(kinds: readonly Kind[], isBlock: boolean, isIndentless: boolean): Node {
    return this.#isNext(...kinds) ? EMPTY : this.#node(isBlock, isIndentless);
  }

  #blockList(bind: Bind): Node {
    const list = bind<List>({ kind: "list", items: [] });
    this.#scanner.next();
    while (!this.#skipIf("block end")) {
      if (!this.#skipIf("-")) throw this.#error("did not find expected '-' indicator");
      list.items.push(this.#nodeUnless(["-", "block end"], true, false));
    }
    return list;
  }

  #indentless(bind: Bind): Node {
    const list = bind<List>({ kind: "list", items: [] });
    while (this.#skipIf("-")) list.items.push(this.#nodeUnless(["-", "?", ":", "block end"], true, false));
    return list;
  }

  #blockMap(bind: Bind): Node {
    const map = bind<Mapping>({ kind: "map", pairs: [] });
    this.#scanner.next();
    while (!this.#skipIf("block end")) {
      if (!this.#skipIf("?")) throw this.#error("did not find expected key");
      const key = this.#nodeUnless(["?", ":", "block end"], true, true);
      const value = this.#skipIf(":") ? this.#nodeUnless(["?", ":", "block end"], true, true) : EMPTY;
      map.pairs.push([key, value]);
    }
    return map;
  }

  #flowList(bind: Bind): Node {
    const list = bind<List>({ kind: "list", items: [] });
    this.#scanner.next();
    for (let isFirst = true; !this.#skipIf("]"); isFirst = false) {
      if (!isFirst && !this.#skipIf(",")) throw this.#error("did not find expected ',' or ']'");
      if (this.#skipIf("?")) list.items.push(this.#pairInList());
      else if (!this.#isNext("]")) list.items.push(this.#node(false, false));
    }
    return list;
  }

  #pairInList(): Mapping {
    const isEmptyKey = this.#isNext(":", ",", "]");
    const key = isEmptyKey ? EMPTY : this.#node(false, false);
    if (isEmptyKey) this.#scanner.next();
    const value = this.#skipIf(":") ? this.#nodeUnless([",", "]"], false, false) : EMPTY;
    return { kind: "map", pairs: [[key, value]] };
  }

  #flowMap(bind: Bind): Node {
    const map = bind<Mapping>({ kind: "map", pairs: [] });
    this.#scanner.next();
    for (let isFirst = true; !this.#skipIf("}"); isFirst = false) {
      if (!isFirst && !this.#skipIf(",")) throw this.#error("did not find expected ',' or '}'");
      if (this.#skipIf("?")) {
        const key = this.#nodeUnless([":", ",", "}"], false, false);
        const value = this.#skipIf(":") ? this.#nodeUnless([",", "}"], false, false) : EMPTY;
        map.pairs.push([key, value]);
      } else if (!this.#isNext("}")) map.pairs.push([this.#node(false, false), EMPTY]);
    }
    return map;
  }
}
