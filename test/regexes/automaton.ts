import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { type Alphabet, alphabetOf, type CharacterNode } from "./alphabet.ts";

/** A condition between two characters. `unknown` may hold or not. */
export type Condition =
  | "start"
  | "line-start"
  | "end"
  | "line-end"
  | "boundary"
  | "no-boundary"
  | "unknown"
  | Beside;

/** The character before or behind is one of these, or (negated) is none of them. */
interface Beside {
  readonly side: "before" | "behind";
  readonly classes: readonly number[];
  readonly negated: boolean;
}

/** A way from one state to the next character; `ways` is 2 where there are several. */
interface Edge {
  readonly to: number;
  readonly conditions: readonly Condition[];
  readonly ways: number;
}

/**
 * The runs of a backtracking engine. State 0 is the search for a beginning; every other one is a part of the pattern that
 * has just taken a character. Captures are ignored, and what lookaheads look at is a branch that leads nowhere.
 */
export interface Automaton {
  readonly alphabet: Alphabet;
  /** Per state the classes of characters that lead into it. */
  readonly taken: readonly (readonly number[])[];
  readonly edges: readonly (readonly Edge[])[];
  /** States where the pattern has matched, whatever follows. */
  readonly matched: ReadonlySet<number>;
}

/** What cannot be decided about a pattern, in words fit to print. */
export class Undecidable extends Error {}

/** Counted repetitions are written out up to this number, and are endless beyond. */
const COUNTED = 300;

type Step = { readonly state: number; readonly conditions: readonly Condition[] };

/** A part of the pattern: what can come first, what last, and the ways to pass through it without a character. */
interface Fragment {
  readonly first: readonly Step[];
  readonly last: readonly Step[];
  readonly empty: readonly (readonly Condition[])[];
}

const NOTHING: Fragment = { first: [], last: [], empty: [[]] };

export function automatonOf(source: string, flags: string): Automaton {
  const literal = new RegExpParser().parseLiteral(`/${source}/${flags}`);
  return new Builder(alphabetOf(literal), flags).build(literal.pattern);
}

class Builder {
  readonly #alphabet: Alphabet;
  readonly #flags: string;
  readonly #taken: (readonly number[])[] = [];
  readonly #edges: Map<string, Edge>[] = [];

  constructor(alphabet: Alphabet, flags: string) {
    this.#alphabet = alphabet;
    this.#flags = flags;
  }

  build(pattern: AST.Pattern): Automaton {
    const search = this.#state(this.#alphabet.classes.map((_, index) => index));
    const { first, last } = this.#choice(pattern.alternatives);
    if (!this.#flags.includes("y"))
      this.#connect([{ state: search, conditions: [] }], [{ state: search, conditions: [] }]);
    this.#connect([{ state: search, conditions: [] }], first);
    return {
      alphabet: this.#alphabet,
      taken: this.#taken,
      edges: this.#edges.map((edges) => [...edges.values()]),
      matched: new Set(last.filter(({ conditions }) => conditions.length === 0).map(({ state }) => state)),
    };
  }

  #state(taken: readonly number[]): number {
    this.#edges.push(new Map());
    return this.#taken.push(taken) - 1;
  }

  #connect(last: readonly Step[], first: readonly Step[]): void {
    for (const from of last) {
      for (const { state: to, conditions: more } of first) {
        const conditions = [...from.conditions, ...more];
        const edges = this.#edges[from.state];
        const key = `${to} ${JSON.stringify(conditions)}`;
        edges?.set(key, { to, conditions, ways: edges.has(key) ? 2 : 1 });
      }
    }
  }

  #choice(alternatives: readonly AST.Alternative[]): Fragment {
    const parts = alternatives.map(({ elements }) =>
      elements.reduce<Fragment>((before, element) => this.#sequence(before, this.#part(element)), NOTHING),
    );
    return {
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
      empty: parts.flatMap(({ empty }) => empty).slice(0, 4),
    };
  }

  #sequence(one: Fragment, other: Fragment): Fragment {
    this.#connect(one.last, other.first);
    return {
      first: [...one.first, ...through(one.empty, other.first, "before")],
      last: [...other.last, ...through(other.empty, one.last, "behind")],
      empty: one.empty.flatMap((before) => other.empty.map((behind) => [...before, ...behind])).slice(0, 4),
    };
  }

  #part(element: AST.Element): Fragment {
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        return this.#character(element);
      case "Group":
      case "CapturingGroup":
        return this.#choice(element.alternatives);
      case "Quantifier":
        return this.#repeated(element);
      case "Assertion":
        return this.#assertion(element);
      default:
        throw new Undecidable(`${element.raw} takes what an earlier part took`);
    }
  }

  #character(node: CharacterNode): Fragment {
    const step = { state: this.#state(this.#alphabet.taken.get(node) ?? []), conditions: [] };
    return { first: [step], last: [step], empty: [] };
  }

  #repeated({ element, min, max }: AST.Quantifier): Fragment {
    const isEndless = max > COUNTED;
    const needed = Math.min(min, COUNTED);
    let whole = NOTHING;
    for (let count = 1; count <= needed; count++) {
      const part = this.#part(element);
      whole = this.#sequence(whole, isEndless && count === needed ? this.#looped(part) : part);
    }
    if (isEndless)
      return needed > 0 ? whole : this.#sequence(whole, optional(this.#looped(this.#part(element))));
    let rest = NOTHING;
    for (let count = needed; count < max; count++) rest = optional(this.#sequence(this.#part(element), rest));
    return this.#sequence(whole, rest);
  }

  #looped(part: Fragment): Fragment {
    this.#connect(part.last, part.first);
    return part;
  }

  #assertion(node: AST.Assertion): Fragment {
    const isMultiline = this.#flags.includes("m");
    switch (node.kind) {
      case "start":
        return empty(isMultiline ? "line-start" : "start");
      case "end":
        return empty(isMultiline ? "line-end" : "end");
      case "word":
        return empty(node.negate ? "no-boundary" : "boundary");
      case "lookahead": {
        const exact = this.#beside(node, "behind");
        return exact ?? { ...empty("unknown"), first: this.#choice(node.alternatives).first };
      }
      case "lookbehind":
        return this.#lookbehind(node);
    }
  }

  #lookbehind(node: AST.LookbehindAssertion): Fragment {
    const exact = this.#beside(node, "before");
    if (exact !== undefined) return exact;
    if (isEndless(node)) throw new Undecidable(`${node.raw} looks back without end`);
    return empty("unknown");
  }

  /** An assertion about one character; undefined for any other. */
  #beside({ alternatives, negate }: AST.LookaroundAssertion, side: Beside["side"]): Fragment | undefined {
    const parts = alternatives.map(({ elements: [only, ...others] }) =>
      others.length === 0 && only !== undefined ? this.#alphabet.taken.get(only as CharacterNode) : undefined,
    );
    const known = parts.filter((classes) => classes !== undefined);
    if (known.length < parts.length) return undefined;
    return empty({ side, classes: known.flat(), negated: negate });
  }
}

function empty(condition: Condition): Fragment {
  return { first: [], last: [], empty: [[condition]] };
}

/** Of several ways to pass without a character one is left: an engine ends a repetition that takes nothing. */
function optional({ first, last }: Fragment): Fragment {
  return { first, last, empty: [[]] };
}

function through(
  empty: Fragment["empty"],
  steps: readonly Step[],
  side: "before" | "behind",
): readonly Step[] {
  return empty.flatMap((more) =>
    steps.map(({ state, conditions }) => ({
      state,
      conditions: side === "before" ? [...more, ...conditions] : [...conditions, ...more],
    })),
  );
}

function isEndless(node: AST.LookbehindAssertion): boolean {
  return node.alternatives.some((alternative) => /[*+]|\{\d+,\}/.test(alternative.raw));
}
