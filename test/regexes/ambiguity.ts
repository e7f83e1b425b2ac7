import { type Automaton, automatonOf, type Condition, Undecidable } from "./automaton.ts";

/** Why a pattern is not linear. */
interface Attack {
  /** What to repeat, behind which beginning; what follows must make the match fail. */
  readonly prefix: string;
  readonly pump: string;
  readonly growth: "exponential" | "polynomial";
}

type Three = readonly [number, number, number];

/** A step of a search, and the one before it. */
interface Node {
  readonly states: Three;
  readonly last: number;
  readonly before: Node | undefined;
}

export type Verdict = "linear" | Attack | { readonly undecided: string };

/** So many steps are tried for one pattern before it counts as undecided. */
const BUDGET = 3_000_000;

/** No character yet. */
const START = -1;

interface Move {
  readonly to: number;
  readonly ways: number;
}

/**
 * Whether a backtracking engine needs at most linear time for a pattern, whatever the text.
 *
 * The number of an engine's runs over a text is bounded, and so its time linear, unless a text leads from a state p back to
 * p, from p to another state q, and from q back to q (polynomial), or in two ways from q to q (exponential). Runs that
 * have matched already are no danger: the engine stops there.
 *
 * Source: A. Weber and H. Seidl, "On the degree of ambiguity of finite automata", 1991, criteria EDA and IDA.
 */
export function verdictOn(source: string, flags: string): Verdict {
  try {
    return new Search(automatonOf(source, flags)).verdict();
  } catch (error) {
    if (error instanceof Undecidable) return { undecided: error.message };
    throw error;
  }
}

class Search {
  readonly #automaton: Automaton;
  readonly #size: number;
  readonly #classes: number;
  /** Per state the states that lead to it and back. */
  readonly #circles: readonly ReadonlySet<number>[];
  readonly #known = new Map<number, readonly Move[]>();
  #steps = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#size = automaton.edges.length;
    this.#classes = automaton.alphabet.classes.length;
    this.#circles = circlesOf(automaton);
  }

  verdict(): Verdict {
    const beginnings = this.#beginnings();
    const looping = [...beginnings.values()].filter(({ state }) => this.#circles[state]?.has(state));
    for (const { state, last, prefix } of looping) {
      const pump = this.#inTwoWays(state, last);
      if (pump !== undefined) return { growth: "exponential", prefix, pump };
    }
    const states = [...new Set(looping.map(({ state }) => state))];
    for (const p of states) {
      for (const q of states) {
        if (p === q || this.#automaton.matched.has(q)) continue;
        const shared = looping.filter(
          ({ state, last }) => state === p && this.#automaton.taken[q]?.includes(last),
        );
        if (
          this.#fromOneToOther(
            p,
            q,
            shared.map(({ last }) => last),
          ) === undefined
        )
          continue;
        for (const { last, prefix } of shared) {
          const pump = this.#fromOneToOther(p, q, [last]);
          if (pump !== undefined) return { growth: "polynomial", prefix, pump };
        }
      }
    }
    return "linear";
  }

  /** Every state that a text leads to, with the last character of the text. */
  #beginnings() {
    const found = new Map([[-1, { state: 0, last: START, prefix: "" }]]);
    for (const { state, last, prefix } of found.values()) {
      for (let taking = 0; taking < this.#classes; taking++) {
        for (const { to } of this.#moves(state, last, taking)) {
          const key = to * this.#classes + taking;
          if (!found.has(key))
            found.set(key, { state: to, last: taking, prefix: prefix + this.#example(taking) });
        }
      }
    }
    found.delete(-1);
    return found;
  }

  /** A text that leads from a state back to it in two ways. */
  #inTwoWays(state: number, last: number): string | undefined {
    const { matched } = this.#automaton;
    if (matched.has(state)) return undefined;
    const inside = this.#circles[state];
    const isAlive = ({ to }: Move) => !matched.has(to) && inside?.has(to) === true;
    return this.#explore(
      { from: [state, state, 0], lasts: [last], goal: [state, state, 1] },
      ([one, other, apart], taking, before, found) => {
        for (const a of this.#moves(one, before, taking).filter(isAlive)) {
          for (const b of this.#moves(other, before, taking).filter(isAlive)) {
            const parts = a.to !== b.to || (one === other && a.ways > 1);
            found([a.to, b.to, apart === 1 || parts ? 1 : 0]);
          }
        }
      },
    );
  }

  /** A text that leads from p to p, from p to q, and from q to q; behind one of these characters, and to one of them. */
  #fromOneToOther(p: number, q: number, lasts: readonly number[]): string | undefined {
    const [ofP, ofQ] = [this.#circles[p], this.#circles[q]];
    return this.#explore(
      { from: [p, q, p], lasts, goal: [p, q, q] },
      ([one, other, way], taking, before, found) => {
        for (const b of this.#moves(other, before, taking)) {
          if (!ofQ?.has(b.to) || this.#automaton.matched.has(b.to)) continue;
          for (const a of this.#moves(one, before, taking)) {
            if (!ofP?.has(a.to)) continue;
            for (const { to } of this.#moves(way, before, taking)) found([a.to, b.to, to]);
          }
        }
      },
    );
  }

  /** Breadth first from three states together; gives the shortest text that leads to the goal. */
  #explore(
    { from, lasts, goal }: { readonly from: Three; readonly lasts: readonly number[]; readonly goal: Three },
    next: (states: Three, taking: number, last: number, found: (to: Three) => void) => void,
  ): string | undefined {
    const code = ([a, b, c]: Three, taking: number) =>
      ((a * this.#size + b) * this.#size + c) * this.#classes + taking;
    const wanted = new Set(lasts.map((last) => code(goal, last)));
    const seen = new Set<number>();
    const queue: Node[] = lasts.map((last) => ({ states: from, last, before: undefined }));
    let reached: Node | undefined;
    for (const before of queue) {
      for (let taking = 0; taking < this.#classes; taking++) {
        next(before.states, taking, before.last, (states) => {
          if (++this.#steps > BUDGET) throw new Undecidable("too many ways through it");
          const here = code(states, taking);
          if (seen.has(here)) return;
          seen.add(here);
          const node = { states, last: taking, before };
          if (wanted.has(here)) reached ??= node;
          queue.push(node);
        });
        if (reached !== undefined) return this.#textOf(reached);
      }
    }
    return undefined;
  }

  #textOf(end: Node): string {
    let text = "";
    for (let node: Node = end; node.before !== undefined; node = node.before)
      text = this.#example(node.last) + text;
    return text;
  }

  /** Where a state goes with a character behind another. */
  #moves(state: number, last: number, taking: number): readonly Move[] {
    const from = (state * (this.#classes + 1) + last + 1) * this.#classes + taking;
    const known = this.#known.get(from);
    if (known !== undefined) return known;
    const moves = new Map<number, Move>();
    for (const { to, conditions, ways } of this.#automaton.edges[state] ?? []) {
      if (!this.#automaton.taken[to]?.includes(taking)) continue;
      if (!conditions.every((condition) => this.#holds(condition, last, taking))) continue;
      moves.set(to, { to, ways: moves.has(to) ? 2 : ways });
    }
    const found = [...moves.values()];
    this.#known.set(from, found);
    return found;
  }

  #holds(condition: Condition, last: number, next: number): boolean {
    const { classes } = this.#automaton.alphabet;
    switch (condition) {
      case "start":
        return last === START;
      case "line-start":
        return last === START || classes[last]?.isLineEnd === true;
      case "end":
        return false;
      case "line-end":
        return classes[next]?.isLineEnd === true;
      case "boundary":
      case "no-boundary":
        return ((classes[last]?.isWord ?? false) !== classes[next]?.isWord) === (condition === "boundary");
      case "unknown":
        return true;
      default:
        return condition.classes.includes(condition.side === "before" ? last : next) !== condition.negated;
    }
  }

  #example(taking: number): string {
    return this.#automaton.alphabet.classes[taking]?.example ?? "";
  }
}

/** For each state those that lie on a circle with it; itself only if it lies on one. */
function circlesOf({ edges }: Automaton): ReadonlySet<number>[] {
  const ahead = edges.map((_, state) => {
    const found = new Set<number>();
    const queue = [state];
    for (const from of queue) {
      for (const { to } of edges[from] ?? []) {
        if (!found.has(to)) queue.push(to);
        found.add(to);
      }
    }
    return found;
  });
  return ahead.map((found, state) => new Set([...found].filter((other) => ahead[other]?.has(state))));
}
