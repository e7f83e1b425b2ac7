import { table } from "../../plugin/terminal/output.ts";
import type { WatchedResult } from "./watched-run.ts";

/** One kind of injection, and what came of it. */
export interface Row {
  readonly injection: string;
  tried: number;
  held: number;
  slowestMs: number;
  mostMebibytes: number;
  /** One for each trial that did not hold. */
  readonly problems: string[];
}

/** Takes down what a run took. */
export type Note = (result: WatchedResult) => WatchedResult;

/** Counts trials by their injection. */
export class Board {
  readonly #rows = new Map<string, Row>();
  readonly #wanted: string;

  /** Only trials are done whose injection and name contain the words `wanted`. */
  constructor(wanted = "") {
    this.#wanted = wanted;
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** Does one trial: it holds when the work ends without an exception. `what` names it where it did not. */
  async trial(injection: string, what: string, work: (note: Note) => Promise<void>): Promise<void> {
    if (!`${injection}: ${what}`.includes(this.#wanted)) return;
    const row = this.#row(injection);
    row.tried += 1;
    try {
      await work((result) => {
        row.slowestMs = Math.max(row.slowestMs, result.ms);
        row.mostMebibytes = Math.max(row.mostMebibytes, result.mebibytes);
        return result;
      });
      row.held += 1;
    } catch (error) {
      row.problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 2000));
    }
  }

  #row(injection: string): Row {
    const empty = { injection, tried: 0, held: 0, slowestMs: 0, mostMebibytes: 0, problems: [] };
    const row = this.#rows.get(injection) ?? empty;
    this.#rows.set(injection, row);
    return row;
  }
}

/** The figures, for people. */
export function figures(rows: readonly Row[]): string {
  const lines = rows.map(({ injection, tried, held, slowestMs, mostMebibytes }) => [
    injection,
    String(tried),
    String(held),
    (slowestMs / 1000).toFixed(1),
    mostMebibytes.toFixed(0),
  ]);
  return table([["INJECTION", "TRIED", "HELD", "SLOWEST s", "MOST MiB"], ...lines]);
}

/** What did not hold; of each row the first ones. */
export function problems(rows: readonly Row[], most = 12): string {
  return rows
    .filter(({ problems }) => problems.length > 0)
    .map(({ injection, problems }) => {
      const shown = problems.slice(0, most).map((problem) => `  - ${problem.replaceAll("\n", "\n    ")}\n`);
      const rest = problems.length - shown.length;
      return `${injection}:\n${shown.join("")}${rest > 0 ? `  and ${rest} more\n` : ""}`;
    })
    .join("\n");
}
