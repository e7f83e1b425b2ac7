import { Cursor, isSpace } from "./cursor.ts";
import { type Property, scanAnchor, scanDirective, scanTag } from "./properties.ts";
import { scanBlock, scanPlain, scanQuoted } from "./scalars.ts";
import { type Place, type SimpleKey, SimpleKeys } from "./simple-keys.ts";

type Mark = "[" | "]" | "{" | "}" | "," | "-" | "?" | ":" | "---" | "...";
type BlockStart = "block list" | "block map";

interface MarkToken {
  readonly kind: Mark | BlockStart | "block end" | "end";
}

interface ScalarToken {
  readonly kind: "scalar";
  readonly value: string;
  readonly isPlain: boolean;
}

type Scanned = MarkToken | ScalarToken | Property;
export type Token = Scanned & Place;

/** For our stack; go-yaml takes ten times as many. */
const MAX_FLOW_LEVEL = 1000;

/**
 * The tokens of a text, each scanned only when needed: nothing after the last token that is used is scanned. Source:
 * yaml/go-yaml@v2.4.4, scannerc.go.
 */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #queue: Token[] = [];
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #flowLevel = 0;
  #isKeyAllowed = true;
  readonly #keys: SimpleKeys;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#keys = new SimpleKeys(this.#cursor);
  }

  peek(): Token {
    // A token is returned only once it is known whether a key begins with it.
    while (this.#queue.length === 0 || this.#keys.isOpen(this.#taken)) this.#fetch();
    return this.#queue[0] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#queue.shift();
    this.#taken += 1;
    return token;
  }

  /** The text from the next token on. */
  rest(): string {
    return this.#cursor.textFrom(this.peek().index);
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unrollIndent(cursor.column);
    const character = cursor.peek();
    const isAlone = isSpace(cursor.peek(1));
    const isFlow = this.#flowLevel > 0;
    if (character === "") this.#fetchEnd();
    else if (cursor.column === 0 && character === "%") this.#fetchAtTop(() => scanDirective(cursor));
    else if (cursor.isAtMark("---")) this.#fetchAtTop(() => this.#mark("---"));
    else if (cursor.isAtMark("...")) this.#fetchAtTop(() => this.#mark("..."));
    else if (character === "[" || character === "{") this.#fetchFlowStart(character);
    else if (character === "]" || character === "}") this.#fetchFlowEnd(character);
    else if (character === ",") this.#fetchIndicator(character);
    else if (character === "-" && isAlone) this.#fetchIndicator(character);
    else if (character === "?" && (isFlow || isAlone)) this.#fetchIndicator(character);
    else if (character === ":" && (isFlow || isAlone)) this.#fetchValue();
    else if (character === "*" || character === "&") this.#fetchKeyPart(() => scanAnchor(cursor));
    else if (character === "!") this.#fetchKeyPart(() => scanTag(cursor));
    else if ((character === "|" || character === ">") && !isFlow) this.#fetchBlockScalar();
    else if (character === "'" || character === '"') this.#fetchKeyPart(() => this.#quoted());
    else if (this.#startsPlain()) this.#fetchKeyPart(() => this.#plain());
    else throw cursor.error("found character that cannot start any token");
  }

  #startsPlain(): boolean {
    const [character, next] = [this.#cursor.peek(), this.#cursor.peek(1)];
    if (character === "-") return next !== " " && next !== "\t";
    if (character === "?" || character === ":") return this.#flowLevel === 0 && !isSpace(next);
    return !isSpace(character) && !",[]{}#&*!|>'\"%@`".includes(character);
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    do {
      const isTabBlank = this.#flowLevel > 0 || !this.#isKeyAllowed;
      while (cursor.peek() === " " || (isTabBlank && cursor.peek() === "\t")) cursor.skip();
      cursor.skipComment();
    } while (this.#skipBreak());
  }

  #skipBreak(): boolean {
    const isBroken = this.#cursor.readBreak() !== "";
    if (isBroken && this.#flowLevel === 0) this.#isKeyAllowed = true;
    return isBroken;
  }

  /** Adds what is scanned at this place after all tokens. */
  #add(scan: () => Scanned): void {
    const { index, line } = this.#cursor;
    this.#queue.push({ ...scan(), index, line });
  }

  /** Inserts a token where a key begins. */
  #insert(kind: "?" | BlockStart, { token, index, line }: SimpleKey): void {
    const at = token - this.#taken;
    this.#queue.splice(at < 0 ? this.#queue.length : at, 0, { kind, index, line });
  }

  #mark(kind: Mark): MarkToken {
    this.#cursor.skip(kind.length);
    return { kind };
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return;
    const isRequired = this.#flowLevel === 0 && this.#indent === this.#cursor.column;
    this.#keys.save(this.#nextNumber, isRequired);
  }

  /** The number of the token that will be added next. */
  get #nextNumber(): number {
    return this.#taken + this.#queue.length;
  }

  #rollIndent(column: number, kind: BlockStart, key?: SimpleKey): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (key === undefined) this.#add(() => ({ kind }));
    else this.#insert(kind, key);
  }

  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#add(() => ({ kind: "block end" }));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #fetchEnd(): void {
    this.#cursor.endLine();
    this.#fetchAtTop(() => ({ kind: "end" }));
  }

  /** A token at the left margin, which ends all blocks. */
  #fetchAtTop(scan: () => Scanned): void {
    this.#unrollIndent(-1);
    this.#keys.remove();
    this.#isKeyAllowed = false;
    this.#add(scan);
  }

  #fetchFlowStart(kind: "[" | "{"): void {
    this.#saveKey();
    this.#keys.enterFlow(this.#nextNumber);
    this.#flowLevel += 1;
    if (this.#flowLevel > MAX_FLOW_LEVEL) throw this.#cursor.error(`exceeded max depth of ${MAX_FLOW_LEVEL}`);
    this.#isKeyAllowed = true;
    this.#add(() => this.#mark(kind));
  }

  #fetchFlowEnd(kind: "]" | "}"): void {
    this.#keys.remove();
    if (this.#flowLevel > 0) {
      this.#flowLevel -= 1;
      this.#keys.leaveFlow();
    }
    this.#isKeyAllowed = false;
    this.#add(() => this.#mark(kind));
  }

  #fetchIndicator(kind: "," | "-" | "?"): void {
    const isFlow = this.#flowLevel > 0;
    if (kind !== "," && !isFlow) {
      const what = kind === "-" ? "block sequence entries" : "mapping keys";
      if (!this.#isKeyAllowed) throw this.#cursor.error(`${what} are not allowed in this context`);
      this.#rollIndent(this.#cursor.column, kind === "-" ? "block list" : "block map");
    }
    this.#keys.remove();
    this.#isKeyAllowed = kind !== "?" || !isFlow;
    this.#add(() => this.#mark(kind));
  }

  #fetchValue(): void {
    const isFlow = this.#flowLevel > 0;
    const key = this.#keys.take();
    if (key !== undefined) {
      this.#insert("?", key);
      this.#rollIndent(key.column, "block map", key);
      this.#isKeyAllowed = false;
    } else {
      if (!isFlow && !this.#isKeyAllowed) {
        throw this.#cursor.error("mapping values are not allowed in this context");
      }
      this.#rollIndent(this.#cursor.column, "block map");
      this.#isKeyAllowed = !isFlow;
    }
    this.#add(() => this.#mark(":"));
  }

  /** A token that may be a key, or the beginning of one. */
  #fetchKeyPart(scan: () => Scanned): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
    this.#add(scan);
  }

  #fetchBlockScalar(): void {
    this.#keys.remove();
    this.#isKeyAllowed = true;
    this.#add(() => ({ kind: "scalar", value: scanBlock(this.#cursor, this.#indent), isPlain: false }));
  }

  #quoted(): ScalarToken {
    return { kind: "scalar", value: scanQuoted(this.#cursor), isPlain: false };
  }

  #plain(): ScalarToken {
    const { value, endsLine } = scanPlain(this.#cursor, this.#indent + 1, this.#flowLevel > 0);
    if (endsLine) this.#isKeyAllowed = true;
    return { kind: "scalar", value, isPlain: true };
  }
}
