import {
  AwsAuthYamlError,
  type PlainValue,
  scalarValue,
} from "../../../../../doctor/eks/aws-auth/scalar-value.ts";
import { GoYamlError } from "./cursor.ts";
import { type Alias, type Mapping, type Node, parseFirstDocument, type Scalar } from "./nodes.ts";

/** A value of JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>;

interface JsonDocument {
  readonly value: JsonValue;
  /** The text after the document, which is not read. */
  readonly rest: string;
}

interface TextList {
  readonly texts: readonly string[];
  readonly error?: string;
}

/**
 * The JSON that Go programs with `sigs.k8s.io/yaml` make from a text. Throws `GoYamlError`. Source: yaml/go-yaml@v2.4.4,
 * decode.go; kubernetes-sigs/yaml@v1.6.0, yaml.go.
 */
export function goYamlToJson(text: string): JsonDocument {
  const { root, rest } = parseFirstDocument(text);
  return { value: root === undefined ? null : new Decoder().json(root), rest };
}

/**
 * A list of texts, decoded into Go's `[]string`: a scalar is its text as written, whatever it looks like; null is the empty text;
 * a list or map is left out. The items before an error count.
 */
export function goYamlToTexts(text: string): TextList {
  const texts: string[] = [];
  try {
    const isWhole = collectTexts(parseFirstDocument(text).root, texts);
    return isWhole ? { texts } : { texts, error: "yaml: unmarshal errors" };
  } catch (error) {
    if (!(error instanceof GoYamlError)) throw error;
    return { texts, error: error.message };
  }
}

/** False: one of the items is no text. */
function collectTexts(root: Node | undefined, texts: string[]): boolean {
  if (root === undefined || (root.kind === "scalar" && plainValue(root) === null)) return true;
  if (root.kind !== "list") return false;
  const decoder = new Decoder();
  for (const item of root.items) {
    const text = decoder.text(item);
    if (text !== undefined) texts.push(text);
  }
  return texts.length === root.items.length;
}

class Decoder {
  #decoded = 1;
  #decodedByAlias = 0;
  /** Aliases that are being resolved. */
  readonly #open = new Set<Alias>();

  json(node: Node): JsonValue {
    this.#count();
    switch (node.kind) {
      case "scalar":
        return jsonScalar(plainValue(node));
      case "list":
        return node.items.map((item) => this.json(item));
      case "map":
        return this.#filled(new Map(), node);
      case "alias":
        return this.#within(node, () => this.json(node.target));
    }
  }

  /** Undefined for a list or map. */
  text(node: Node): string | undefined {
    if (node.kind === "alias") return this.#within(node, () => this.text(node.target));
    if (node.kind !== "scalar") return undefined;
    const value = plainValue(node);
    if (value === null) return "";
    return typeof value === "string" ? value : node.value;
  }

  #within<T>(alias: Alias, decode: () => T): T {
    if (this.#open.has(alias)) throw new GoYamlError(`anchor '${alias.name}' value contains itself`);
    this.#open.add(alias);
    const decoded = decode();
    this.#open.delete(alias);
    return decoded;
  }

  #count(): void {
    this.#decoded += 1;
    if (this.#open.size > 0) this.#decodedByAlias += 1;
    const share = this.#decodedByAlias / this.#decoded;
    if (this.#decodedByAlias > 100 && this.#decoded > 1000 && share > allowedAliasShare(this.#decoded)) {
      throw new GoYamlError("document contains excessive aliasing");
    }
  }

  /** Keys and merges are processed in the order written; a later one replaces an earlier one. */
  #filled(map: Map<string, JsonValue>, { pairs }: Mapping): Map<string, JsonValue> {
    for (const [key, value] of pairs) {
      if (isMerge(key)) this.#merge(map, value);
      else map.set(this.#key(key), this.json(value));
    }
    return map;
  }

  #key(node: Node): string {
    this.#count();
    const target = node.kind === "alias" ? node.target : node;
    if (target.kind !== "scalar") throw new GoYamlError("invalid map key");
    const key = plainValue(target);
    if (key === null || typeof key === "bigint") throw new GoYamlError("unsupported map key");
    return String(key);
  }

  /** If there are several maps, the first takes precedence. */
  #merge(map: Map<string, JsonValue>, value: Node): void {
    for (const item of value.kind === "list" ? value.items.toReversed() : [value]) {
      const source = item.kind === "alias" ? item.target : item;
      if (source.kind !== "map") {
        throw new GoYamlError("map merge requires map or sequence of maps as the value");
      }
      this.#count();
      if (item.kind === "alias") this.#within(item, () => this.#filled(map, source));
      else this.#filled(map, source);
    }
  }
}

/** The share of the decoded nodes that may come from aliases. */
function allowedAliasShare(decoded: number): number {
  const [low, high] = [400_000, 4_000_000];
  if (decoded <= low) return 0.99;
  return decoded >= high ? 0.1 : 0.99 - (0.89 * (decoded - low)) / (high - low);
}

function isMerge(key: Node): boolean {
  return key.kind === "scalar" && key.value === "<<" && (key.isImplicit || key.tag.endsWith(":merge"));
}

function jsonScalar(value: PlainValue): JsonValue {
  if (typeof value === "number" && !Number.isFinite(value)) throw new GoYamlError("unsupported value");
  return typeof value === "bigint" ? Number(value) : value;
}

/** Throws `GoYamlError` if the value does not fit its tag. */
function plainValue({ value, tag, isImplicit }: Scalar): PlainValue {
  try {
    return scalarValue(value, tag, isImplicit);
  } catch (error) {
    throw error instanceof AwsAuthYamlError ? new GoYamlError(error.message) : error;
  }
}
