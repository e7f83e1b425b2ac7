import { type AST, visitRegExpAST } from "@eslint-community/regexpp";

/** A part of a pattern that takes exactly one character. */
export type CharacterNode =
  | AST.Character
  | AST.CharacterSet
  | AST.CharacterClass
  | AST.ExpressionCharacterClass;

/** What of the alphabet a class of characters has in common, as far as one pattern can tell. */
interface CharacterClass {
  /** A character of the class, to write attacks with. */
  readonly example: string;
  readonly isWord: boolean;
  readonly isLineEnd: boolean;
}

/** The alphabet of one pattern: characters that none of its parts tells apart are one class. */
export interface Alphabet {
  readonly classes: readonly CharacterClass[];
  /** The classes that a part takes, as indices. */
  readonly taken: ReadonlyMap<CharacterNode, readonly number[]>;
}

/** Letters, spaces, marks and symbols beyond ASCII, which classes such as `\s`, `\p{L}` and the flag `i` tell apart. */
const BEYOND_ASCII = "\u0085\u00a0\u00e9\u0130\u017f\u0301\u200b\u200e\u2028\u212a\u3042\ue000\ufeff\uffff😀";

const LINE_ENDS = "\n\r\u2028\u2029";

export function alphabetOf(pattern: AST.RegExpLiteral): Alphabet {
  const nodes: CharacterNode[] = [];
  const codes = new Set([
    ...Array(128).keys(),
    ...[...BEYOND_ASCII].map((character) => character.codePointAt(0) ?? 0),
  ]);
  visitRegExpAST(pattern, {
    onCharacterEnter: ({ value }) => codes.add(value),
    onCharacterClassRangeEnter: ({ min, max }) => {
      for (const code of [min.value - 1, max.value + 1]) if (code >= 0 && code <= 0x10ffff) codes.add(code);
    },
  });
  visitParts(pattern.pattern, (node) => nodes.push(node));
  const flags = pattern.flags.raw.replaceAll(/[gymd]/g, "");
  const tests = nodes.map(({ raw }) => new RegExp(`^(?:${raw})$`, flags));

  const classes: CharacterClass[] = [];
  const taken = new Map<CharacterNode, number[]>(nodes.map((node) => [node, []]));
  const known = new Set<string>();
  for (const code of codes) {
    const example = String.fromCodePoint(code);
    const isWord = /\w/.test(example);
    const isLineEnd = LINE_ENDS.includes(example);
    const taking = tests.map((test) => test.test(example));
    const signature = [isWord, isLineEnd, ...taking].map(Number).join("");
    if (known.has(signature)) continue;
    known.add(signature);
    for (const [index, node] of nodes.entries()) if (taking[index]) taken.get(node)?.push(classes.length);
    classes.push({ example, isWord, isLineEnd });
  }
  return { classes, taken };
}

/** Every part that takes one character, without the members of classes. */
function visitParts(
  node: AST.Pattern | AST.Element | AST.Alternative,
  visit: (node: CharacterNode) => void,
): void {
  switch (node.type) {
    case "Character":
    case "CharacterSet":
    case "CharacterClass":
    case "ExpressionCharacterClass":
      visit(node);
      return;
    case "Quantifier":
      visitParts(node.element, visit);
      return;
    case "Alternative":
      for (const element of node.elements) visitParts(element, visit);
      return;
    case "Pattern":
    case "Group":
    case "CapturingGroup":
      for (const alternative of node.alternatives) visitParts(alternative, visit);
      return;
    case "Assertion":
      if ("alternatives" in node) for (const alternative of node.alternatives) visitParts(alternative, visit);
  }
}
