import { parseSync } from "oxc-parser";

/** A regular expression in a source file. */
export interface FoundPattern {
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

/** A regular expression that is built of values nobody knows before the program runs. */
export interface BuiltPattern {
  readonly line: number;
  readonly built: string;
}

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<
  Record<string, unknown>
>;

/** Every regular expression of a TypeScript source: literals, and `RegExp(…)` of what is constant in the same file. */
export function patternsIn(file: string, text: string): (FoundPattern | BuiltPattern)[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const constants = new Map<string, Node>();
  const nodes = [...allNodes(program)];
  for (const node of nodes) {
    if (node.type !== "VariableDeclarator" || !isNode(node["id"]) || !isNode(node["init"])) continue;
    constants.set(String(node["id"]["name"]), node["init"]);
  }
  return nodes.flatMap((node): (FoundPattern | BuiltPattern)[] => {
    const line = text.slice(0, node.start).split("\n").length;
    const regex = node["regex"] as { readonly pattern: string; readonly flags: string } | null | undefined;
    if (node.type === "Literal" && regex) return [{ line, source: regex.pattern, flags: regex.flags }];
    if (!isRegExpCall(node)) return [];
    const [first, second] = node["arguments"] as readonly Node[];
    const source = constant(first, constants);
    const flags = second === undefined ? "" : constant(second, constants);
    if (source === undefined || flags === undefined)
      return [{ line, built: text.slice(node.start, node.end) }];
    return [{ line, source: source.replaceAll("/", "\\/").replaceAll("\n", "\\n"), flags }];
  });
}

function* allNodes(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* allNodes(item);
  if (!isNode(value)) return;
  yield value;
  for (const part of Object.values(value)) if (typeof part === "object") yield* allNodes(part);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function isRegExpCall(node: Node): boolean {
  const isCall = node.type === "NewExpression" || node.type === "CallExpression";
  return isCall && isNode(node["callee"]) && node["callee"]["name"] === "RegExp";
}

/** The text that an expression of constants gives; undefined for anything else. */
function constant(node: unknown, constants: ReadonlyMap<string, Node>): string | undefined {
  if (!isNode(node)) return undefined;
  const value = (part: unknown) => constant(part, constants);
  switch (node.type) {
    case "Literal":
      if (node["regex"]) return (node["regex"] as { readonly pattern: string }).pattern;
      return typeof node["value"] === "string" ? node["value"] : undefined;
    case "MemberExpression":
      return isNode(node["property"]) && node["property"]["name"] === "source"
        ? value(node["object"])
        : undefined;
    case "Identifier":
      return value(constants.get(String(node["name"])));
    case "BinaryExpression":
      return node["operator"] === "+" ? joined([value(node["left"]), value(node["right"])], "") : undefined;
    case "TemplateLiteral": {
      const quasis = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
      const between = (node["expressions"] as readonly unknown[]).map(value);
      return joined(
        quasis.flatMap(({ value: { cooked } }, index) =>
          index === 0 ? [cooked] : [between[index - 1], cooked],
        ),
        "",
      );
    }
    case "CallExpression":
      return callResult(node, value);
    default:
      return undefined;
  }
}

/** `[…].join(…)` and `String.fromCharCode(27)`. */
function callResult(node: Node, value: (part: unknown) => string | undefined): string | undefined {
  const { callee, arguments: parameters } = node as unknown as { callee: Node; arguments: readonly Node[] };
  const { object, property } = callee as unknown as { object?: Node; property?: Node };
  const [parameter] = parameters;
  if (property?.["name"] === "join" && object?.type === "ArrayExpression") {
    return joined((object["elements"] as readonly unknown[]).map(value), value(parameter));
  }
  const code = parameter?.["value"];
  const isCharacter =
    object?.["name"] === "String" && property?.["name"] === "fromCharCode" && typeof code === "number";
  return isCharacter ? String.fromCharCode(code) : undefined;
}

function joined(parts: readonly (string | undefined)[], separator: string | undefined): string | undefined {
  return separator === undefined || parts.includes(undefined) ? undefined : parts.join(separator);
}
