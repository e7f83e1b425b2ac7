import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
} from "yaml";
import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { YamlRefused, yamlDocuments } from "../text/yaml.ts";
import { maskArguments, maskVariable } from "./mask-arguments.ts";
import { maskText } from "./mask-text.ts";
import { isSecretName, MASK, maskLines } from "./secret-words.ts";
import { isReference } from "./value-span.ts";

/**
 * A kubeconfig, or any other YAML, with its secrets masked, line for line: in fields, in variables and arguments of plugins, also
 * where an alias or a merge brings them there, in URLs and comments. Apart from that it stays the same YAML. Of invalid YAML, what
 * could be parsed is masked as such, and then everything as text. Throws `YamlRefused`.
 */
export function maskKubeconfig(text: string): string {
  return maskText(maskDocuments(text, { keepsReferences: false }));
}

/** Masks the configuration of any program, where `$PASSWORD` is a variable and no password. */
export function maskConfiguration(text: string): string {
  return maskText(maskDocuments(text, { keepsReferences: true }));
}

interface MaskingOptions {
  readonly keepsReferences: boolean;
}

function maskDocuments(text: string, options: MaskingOptions): string {
  try {
    const documents = yamlDocuments(text, { version: "1.1", strict: false, uniqueKeys: false });
    const parsed = "empty" in documents ? [] : documents;
    const splices = parsed.flatMap((document) => new Masking(text, options).splicesFor(document));
    return applySplices(text, withoutOverlaps(splices));
  } catch (error) {
    if (error instanceof YamlRefused) throw error;
    return text;
  }
}

class Masking {
  readonly #text: string;
  readonly #keepsReferences: boolean;
  readonly #anchors = new Map<string, Node>();
  readonly #hidden = new Map<Node, Splice>();

  constructor(text: string, { keepsReferences }: MaskingOptions) {
    this.#text = text;
    this.#keepsReferences = keepsReferences;
  }

  splicesFor(document: Document.Parsed): Splice[] {
    if (!isMap(document.contents) && !isSeq(document.contents)) return [];
    visit(document, {
      Node: (_, node) => {
        if (!isAlias(node) && "anchor" in node && node.anchor !== undefined)
          this.#anchors.set(node.anchor, node);
        if (isScalar(node) && typeof node.value === "string")
          this.#replace(node, node.value, maskText(node.value));
        if (isSeq(node)) this.#arguments(node.items);
        if (isMap(node)) this.#variable(node.items as Pair[]);
      },
      Pair: (_, { key, value }) => {
        if (isSecretName(this.#word(key))) this.#hide(value);
      },
    });
    return [...this.#hidden.values()];
  }

  /** `{name: AWS_SESSION_TOKEN, value: …}` of `exec.env`. */
  #variable(pairs: readonly Pair[]): void {
    const field = (name: string) => pairs.find(({ key }) => this.#word(key) === name)?.value;
    const [name, value] = [this.#word(field("name")), this.#resolved(field("value"))];
    if (isSecretName(name)) this.#hide(value);
    else if (name !== "" && isScalar(value) && typeof value.value === "string")
      this.#replace(value, value.value, maskVariable(name, value.value));
  }

  #arguments(items: readonly unknown[]): void {
    const nodes = items.map((item) => this.#resolved(item));
    const words = nodes.map((node) => (isScalar(node) ? String(node.value ?? "") : ""));
    for (const [index, masked] of maskArguments(words).entries()) {
      const node = nodes[index];
      if (isScalar(node) && words[index] !== "") this.#replace(node, words[index] ?? "", masked);
    }
  }

  #hide(value: unknown, seen = new Set<unknown>()): void {
    const node = this.#resolved(value);
    if (seen.has(node) || !isNode(node)) return;
    seen.add(node);
    if (isMap(node) || isSeq(node)) {
      for (const item of node.items) this.#hide(isNode(item) ? item : (item as Pair).value, seen);
    } else if (isScalar(node) && node.value !== null && node.value !== "") {
      const isKept = this.#keepsReferences && isReference(String(node.value));
      if (!isKept) this.#replace(node, "", MASK);
    }
  }

  #resolved(value: unknown): unknown {
    return isAlias(value) ? this.#anchors.get(value.source) : value;
  }

  #word(value: unknown): string {
    const node = this.#resolved(value);
    return isScalar(node) && typeof node.value === "string" ? node.value : "";
  }

  #replace(node: Scalar, value: string, masked: string): void {
    if (masked === value || node.range === undefined || node.range === null) return;
    if (this.#hidden.has(node) && masked !== MASK) return;
    const [start, end] = node.range;
    this.#hidden.set(node, { start, end, text: written(this.#text.slice(start, end), masked) });
  }
}

/** A scalar of the file with a different value, in as many lines and in the same style. */
function written(source: string, masked: string): string {
  const [first = "", ...others] = source.split("\n");
  if (others.length === 0) {
    if (masked === MASK) return `"${MASK}"`;
    if (source.startsWith("'")) return `'${masked.replaceAll("'", "''")}'`;
    return /^[A-Za-z0-9./-][\w./:@=*+-]*$/.test(masked) && !source.startsWith('"')
      ? masked
      : JSON.stringify(masked);
  }
  const hidden = others.map(maskLines);
  if (/^[|>]/.test(source)) return [first, ...hidden].join("\n");
  const last = hidden.pop() ?? "";
  return [`"${MASK}`, ...hidden, `${last}"`].join("\n");
}
