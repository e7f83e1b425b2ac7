import { AwsAuthYamlError, Unclear } from "./scalar-value.ts";

/** Columns by which lines inside quotes or brackets are moved to the right. */
const FAR = " ".repeat(60);

/** So far back is looked for what a sign belongs to, in characters. */
const NEAR = 2000;

/** The beginning or the end of a document, which no quotes hold. */
const DOCUMENT = /^(?:---|\.\.\.)(?:\s|$)/;

/**
 * The same YAML for a parser that minds how far lines inside quotes and brackets are indented, which Go's does not; and with a
 * blank before a comment that stands right behind them. Throws `AwsAuthYamlError` for what Go refuses and the parser does not,
 * `Unclear` where that is not known.
 */
export function indentedWithin(text: string): string {
  const indenter = new Indenter(text);
  while (!indenter.isDone) indenter.step();
  return indenter.result();
}

class Indenter {
  readonly #text: string;
  readonly #pieces: string[] = [];
  #at = 0;
  /** Open brackets. */
  #depth = 0;
  /** Whether a value may begin here. */
  #isStart = true;
  /** Whether the brackets are the whole document. */
  #isRootFlow = false;
  /** The offset behind the last quotes or brackets. */
  #closedAt = -1;
  #lineStart = 0;
  /** The last character that is no blank. */
  #last = "";
  /** What stands behind the last sign in brackets; undefined if a line break does. */
  #word: string | undefined = "";

  constructor(text: string) {
    this.#text = text;
  }

  get isDone(): boolean {
    return this.#at >= this.#text.length;
  }

  result(): string {
    this.#put("");
    return this.#pieces.join("");
  }

  step(): void {
    const char = this.#char();
    const inFlow = this.#depth > 0;
    if (char === "\n") this.#lineBreak();
    else if (char === "#" && this.#isBlankAt(-1)) this.#take(this.#endOfLine());
    else if (this.#isStart && (char === '"' || char === "'")) this.#quotes();
    else if ((this.#isStart || inFlow) && /[[{]/.test(char)) this.#open();
    else if (inFlow && /[\]}]/.test(char)) this.#close();
    else if (inFlow && this.#isStart && /^-[,\]}]/.test(this.#next(2))) this.#dash();
    else if (inFlow && char === ":") this.#colon();
    else if (!inFlow && this.#isStart && /^[|>][-+\d]*[ \t]*(?:#.*)?\n/.test(this.#next(300))) this.#block();
    else if (this.#isStart && /[&!*]/.test(char)) this.#property(char);
    else this.#plain(char);
  }

  #lineBreak(): void {
    this.#take(this.#at + 1);
    this.#lineStart = this.#at;
    this.#isStart = true;
    this.#word = undefined;
    if (this.#depth === 0 || DOCUMENT.test(this.#next(4))) return;
    const [blank = ""] = /^[ \t]*/.exec(this.#next(NEAR)) ?? [];
    // Go refuses some of them.
    if (blank.includes("\t") && !this.#isRootFlow && !/[,[{\]}]/.test(this.#last)) throw new Unclear();
    this.#at += blank.length;
    this.#put(FAR);
  }

  #quotes(): void {
    const end = quoteEnd(this.#text, this.#at);
    const quoted = this.#text.slice(this.#at, end);
    this.#put(quoted.replaceAll(/\n(?!(?:---|\.\.\.)(?:\s|$))[ \t]*/g, `\n${FAR}`));
    this.#at = end;
    this.#closed();
  }

  #open(): void {
    if (this.#depth === 0)
      this.#isRootFlow = /^\s*(?:---\s*)?$/.test(this.#text.slice(0, this.#at).slice(0, NEAR));
    this.#depth += 1;
    this.#take(this.#at + 1);
    this.#isStart = true;
    this.#parted();
  }

  #close(): void {
    this.#depth -= 1;
    this.#take(this.#at + 1);
    this.#closed();
  }

  #closed(): void {
    this.#closedAt = this.#at;
    this.#isStart = false;
    this.#parted();
  }

  /** Begins a new word, with a blank before a comment. */
  #parted(): void {
    if (this.#char() === "#") this.#put(" ");
    this.#word = "";
  }

  /** A dash alone is a text to Go. */
  #dash(): void {
    this.#put('"-"');
    this.#at += 1;
    this.#isStart = false;
  }

  #colon(): void {
    const isBehindQuotes = this.#closedAt === this.#at;
    const next = this.#text.charAt(this.#at + 1);
    if (/[,\]}]/.test(next)) {
      this.#emptyValue(isBehindQuotes);
      return;
    }
    const isFirst = this.#text.slice(this.#lineStart, this.#at).trim() === "";
    if (this.#isBlankAt(1) && isFirst && !this.#text.includes("?"))
      throw new AwsAuthYamlError("did not find expected ',' or '}'");
    if (/[[{]/.test(next) && !isBehindQuotes && !this.#isBlankAt(-1))
      throw new AwsAuthYamlError("did not find expected ',' or ']'");
    if (!isBehindQuotes && !this.#isBlankAt(1)) {
      this.#plain(":");
      return;
    }
    this.#take(this.#at + 1);
    this.#isStart = true;
    this.#parted();
  }

  /** Go takes the colon for a part of the text. */
  #emptyValue(isBehindQuotes: boolean): void {
    const word = this.#word?.trimStart();
    if (word === undefined || isBehindQuotes) throw new Unclear();
    if (word === "") throw new AwsAuthYamlError("did not find expected node content");
    this.#word = "";
    this.#put(` ${JSON.stringify(`${word}:`)}`);
    this.#at += 1;
  }

  #block(): void {
    this.#take(blockEnd(this.#text, this.#at, this.#lineStart));
    this.#lineStart = this.#at;
    this.#isStart = true;
  }

  #property(char: string): void {
    const [word = char] = /^(?:!<[^>\s]*>)?\S*/.exec(this.#next(NEAR)) ?? [];
    if (char === "!" && /[[\]{},]/.test(word.replace(/^!<[^>]*>[\]},]*/, ""))) throw new Unclear();
    const own = this.#depth === 0 ? word : (/^(?:!<[^>\s]*>|[^,\]}]+)/.exec(word)?.[0] ?? char);
    this.#take(this.#at + own.length);
  }

  #plain(char: string): void {
    const isComma = this.#depth > 0 && char === ",";
    const isOwn = this.#isBlankAt(-1) || this.#depth > 0;
    const isMark = this.#isBlankAt(1) && (char === ":" || (/[-?]/.test(char) && isOwn));
    this.#isStart = isMark || isComma || (this.#isStart && /[ \t]/.test(char));
    if (isMark || isComma) {
      this.#take(this.#at + 1);
      this.#parted();
    } else if (this.#word === undefined) this.#take(this.#at + 1);
    else {
      this.#word += char;
      this.#at += 1;
      if (char.trim() !== "") this.#last = char;
    }
  }

  #take(end: number): void {
    const piece = this.#text.slice(this.#at, end);
    this.#put(piece);
    this.#last = piece.trimEnd().at(-1) ?? this.#last;
    this.#at = end;
  }

  /** Writes what is not in the text. */
  #put(piece: string): void {
    if (this.#word !== undefined && this.#word !== "") {
      this.#pieces.push(this.#word);
      this.#word = "";
    }
    this.#pieces.push(piece);
  }

  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #next(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  #endOfLine(): number {
    const end = this.#text.indexOf("\n", this.#at);
    return end < 0 ? this.#text.length : end;
  }

  #isBlankAt(offset: number): boolean {
    const index = this.#at + offset;
    return index < 0 || index >= this.#text.length || /\s/.test(this.#text.charAt(index));
  }
}

/** The offset behind a quoted text. Throws `AwsAuthYamlError` if it is open, `Unclear` if that may be the end of a longer text. */
function quoteEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === '"' && char === "\\") at += 1;
    else if (char === quote) {
      if (quote === "'" && text.charAt(at + 1) === "'") at += 1;
      else return at + 1;
    }
  }
  if (/\S\s*\n[ \t]*$/.test(text.slice(Math.max(0, start - NEAR), start))) throw new Unclear();
  throw new AwsAuthYamlError("found unexpected end of stream");
}

/** The offset of the first line behind a block scalar: one that is indented no more than its key. */
function blockEnd(text: string, start: number, lineStart: number): number {
  const [before = ""] = /^[ ]*(?:[-?:] +)*/.exec(text.slice(lineStart, start)) ?? [];
  const isKeyed = /\S/.test(text.slice(lineStart + before.length, start));
  const indent = isKeyed ? before.length : before.trimEnd().length - 1;
  let end = text.indexOf("\n", start) + 1;
  while (end > 0 && end < text.length) {
    const next = text.indexOf("\n", end);
    const line = text.slice(end, next < 0 ? text.length : next);
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) return end;
    if (next < 0) return text.length;
    end = next + 1;
  }
  return text.length;
}
