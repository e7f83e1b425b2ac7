/** Why go-yaml refuses a text, in its own words: `yaml: line 3: did not find expected key`. */
export class GoYamlError extends Error {
  constructor(problem: string, line = 0) {
    super(line === 0 ? `yaml: ${problem}` : `yaml: line ${line}: ${problem}`);
  }
}

/** Characters that YAML 1.1 does not allow. */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** A place in a text. Source: yaml/go-yaml@v2.4.4, readerc.go and yamlprivateh.go. */
export class Cursor {
  readonly #text: string;
  #index = 0;
  #line = 0;
  #column = 0;

  constructor(text: string) {
    if (FORBIDDEN.test(text)) throw new GoYamlError("control characters are not allowed");
    this.#text = text.replace(/^\ufeff/, "");
  }

  get index(): number {
    return this.#index;
  }

  /** From 0. */
  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  /** Empty after the end. */
  peek(ahead = 0): string {
    return this.#text.charAt(this.#index + ahead);
  }

  skip(count = 1): void {
    this.#index += count;
    this.#column += count;
  }

  read(): string {
    const character = this.peek();
    this.skip();
    return character;
  }

  /** Reads on while the characters match. */
  readAll(characters: RegExp): string {
    const start = this.#index;
    while (characters.test(this.peek())) this.skip();
    return this.#text.slice(start, this.#index);
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.skip();
  }

  skipComment(): void {
    if (this.peek() === "#") this.readLine();
  }

  /** The rest of the line. */
  readLine(): string {
    const start = this.#index;
    while (this.peek() !== "" && !isBreak(this.peek())) this.skip();
    return this.#text.slice(start, this.#index);
  }

  /** The line break at this place, empty if there is none; Unicode's separators are kept as they are. */
  readBreak(): string {
    const character = this.peek();
    if (!isBreak(character)) return "";
    this.#index += character === "\r" && this.peek(1) === "\n" ? 2 : 1;
    this.#line += 1;
    this.#column = 0;
    return character === "\u2028" || character === "\u2029" ? character : "\n";
  }

  /** Ends the last line, at the end of the text. */
  endLine(): void {
    if (this.#column > 0) this.#line += 1;
    this.#column = 0;
  }

  /** Whether a document's start or end marker is at this place. */
  isAtMark(mark: "---" | "..."): boolean {
    return this.#column === 0 && this.#text.startsWith(mark, this.#index) && isSpace(this.peek(3));
  }

  /** The text from an index on. */
  textFrom(index: number): string {
    return this.#text.slice(index);
  }

  /** An error of the scanner, which does not mention the line if it is the first. */
  error(problem: string): GoYamlError {
    return new GoYamlError(problem, this.#line === 0 ? 0 : this.#line + 1);
  }
}

export function isBlank(character: string): boolean {
  return character === " " || character === "\t";
}

export function isBreak(character: string): boolean {
  return character !== "" && "\r\n\u0085\u2028\u2029".includes(character);
}

/** A blank, a line break, or the end. */
export function isSpace(character: string): boolean {
  return character === "" || isBlank(character) || isBreak(character);
}
