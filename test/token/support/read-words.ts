import type { OptionValue, Run } from "../../../token/command/command.ts";
import type { Word } from "../../../token/command/run-words.ts";

/** The words of a line, and the operators between them. */
interface PosixLine {
  readonly words: readonly string[];
  readonly operators: readonly string[];
}

/**
 * Splits a line as POSIX says, where nothing is expanded. Throws where something would be, and where the line is not
 * whole. Source: POSIX.1-2024, XCU 2.2 and 2.3.
 */
export function posixWords(line: string): PosixLine {
  const words: string[] = [];
  const operators: string[] = [];
  let word: string | undefined;
  const end = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (sign === " ") end();
    else if (sign === "'") {
      const close = line.indexOf("'", at + 1);
      if (close < 0) throw new Error(`a quote is open in ${line}`);
      word = (word ?? "") + line.slice(at + 1, close);
      at = close;
    } else if (sign === "\\") {
      at += 1;
      if (at === line.length) throw new Error(`${line} goes on in the next line`);
      word = (word ?? "") + line.charAt(at);
    } else if ("|&;<>()".includes(sign)) {
      end();
      operators.push(sign);
    } else if (
      /[\w@%+=:,./-]/.test(sign) ||
      (sign === "~" && word === undefined && line.charAt(at + 1) === "/")
    ) {
      word = (word ?? "") + sign;
    } else throw new Error(`${sign} stands outside of quotes in ${line}`);
  }
  end();
  return { words, operators };
}

type ReadOption = readonly [flag: string, value: unknown];

/** Options and values. */
interface ToolReading {
  readonly options: readonly ReadOption[];
  readonly operands: readonly Word[];
}

/**
 * What a program makes of its words, if it takes these options: as pflag, argparse and getopt do. Throws at an option that
 * it does not know, and where a value is missing: argparse takes no word with a `-` in front for one.
 */
export function asReadByTool(words: readonly Word[], { program, verb, options }: Run): ToolReading {
  const known = new Map(Object.entries(options).map(([name, value]) => [flagOf(name), value]));
  const read: { options: ReadOption[]; operands: Word[] } = { options: [], operands: [] };
  const rest = words.slice(1 + (words[1] === "-g" ? 1 : 0) + verb.length);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, joined] = typeof word === "string" ? (/^(--[^=]+)=(.*)$/su.exec(word) ?? []) : [];
    if (typeof word !== "string" || !word.startsWith("-")) read.operands.push(word);
    else if (word === "--") read.operands.push(...rest.splice(0));
    else if (long !== undefined && known.has(long)) read.options.push([long, joined]);
    else if (known.get(word) === true) read.options.push([word, true]);
    else if (known.has(word))
      read.options.push([word, valueAfter(rest, program === "aws" && isList(known.get(word)))]);
    else if (known.has(word.slice(0, 2))) read.options.push([word.slice(0, 2), word.slice(2)]);
    else throw new Error(`${program} knows no option ${word}`);
  }
  return read;
}

function valueAfter(rest: Word[], isList: boolean): unknown {
  const isValue = (word: Word | undefined) =>
    word !== undefined && (typeof word !== "string" || !word.startsWith("-"));
  const end = rest.findIndex((word) => !isValue(word));
  const count = isList ? (end < 0 ? rest.length : end) : 1;
  if (!isValue(rest[0])) throw new Error(`a value is missing before ${String(rest[0])}`);
  const values = rest.splice(0, count);
  if (!isList) return values[0];
  const [only] = values;
  return typeof only === "string" && /^\s*\[/.test(only) ? JSON.parse(only) : values;
}

/** The options of a run, in the same shape. */
export function meantOptions({ program, options }: Run): readonly ReadOption[] {
  return Object.entries(options).flatMap(([name, value]): ReadOption[] => {
    const flag = flagOf(name);
    if (value === undefined || (isList(value) && value.length === 0)) return [];
    if (isList(value)) return program === "aws" ? [[flag, value]] : value.map((item) => [flag, item]);
    return [[flag, typeof value === "object" && "contentOf" in value ? `file://${value.contentOf}` : value]];
  });
}

function flagOf(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function isList(value: OptionValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}
