import assert from "node:assert/strict";

/** The contents below a heading of a manual page. */
export interface Part {
  readonly title: string;
  /** Terms and what they mean: `--output, -o text|json|yaml`. */
  readonly entries: { readonly term: string; text: string }[];
  /** Lines to copy. */
  readonly verbatim: string[];
  /** All of its text except entries and lines to copy. */
  text: string;
}

/** A parsed manual page. */
export interface ManualPage {
  readonly head: readonly string[];
  /** By their titles, in order. */
  readonly sections: readonly Part[];
  /** Those below COMMANDS. */
  readonly commands: readonly Part[];
}

/** Requests that the page may use, and how many words each takes. Source: groff_man(7), mandoc(1). */
const REQUESTS: Readonly<Record<string, number>> = {
  TH: 5,
  SH: 1,
  SS: 1,
  PP: 0,
  TP: 0,
  RS: 1,
  RE: 0,
  nf: 0,
  fi: 0,
  br: 0,
  nh: 0,
  ad: 1,
};

/** Escapes that the page may use, and what a reader sees. */
const ESCAPES: readonly (readonly [string, string])[] = [
  ["\\-", "-"],
  ["\\e", "\\"],
  ["\\(aq", "'"],
  ["\\(ga", "`"],
  ["\\(ha", "^"],
  ["\\(ti", "~"],
  ["\\(dq", '"'],
  ["\\fB", ""],
  ["\\fI", ""],
  ["\\fR", ""],
];

/** Reads a page as `man` does, but refuses whatever two programs could read differently. */
export function readManualPage(source: string): ManualPage {
  assert.match(source, /^[\x20-\x7e\n]+\n$/, "printable ASCII, and a line break at the end");
  const reader = new Reader();
  source
    .slice(0, -1)
    .split("\n")
    .forEach((text, index) => {
      try {
        reader.read(text);
      } catch (error) {
        throw new Error(`line ${index + 1}: ${JSON.stringify(text)}: ${(error as Error).message}`);
      }
    });
  return reader.page();
}

class Reader {
  #head: string[] = [];
  readonly #sections: Part[] = [];
  readonly #commands: Part[] = [];
  #isTermNext = false;
  #isInEntry = false;
  #isVerbatim = false;
  #indents = 0;

  page(): ManualPage {
    assert.equal(this.#indents, 0, ".RS without .RE");
    assert.ok(!this.#isVerbatim, ".nf without .fi");
    assert.ok(!this.#isTermNext, ".TP without a term");
    return { head: this.#head, sections: this.#sections, commands: this.#commands };
  }

  read(text: string): void {
    assert.notEqual(text, "", "empty");
    assert.doesNotMatch(text, /\s$/, "ends in a blank");
    assert.ok(!text.startsWith("'"), "begins with an apostrophe");
    if (text.startsWith(".")) this.#request(text);
    else this.#text(text);
  }

  #request(text: string): void {
    assert.ok(!this.#isTermNext, ".TP without a term");
    const [, name = "", rest = ""] = /^\.([A-Za-z]{2})((?: (?:"[^"]*"|[^\s"]+))*)$/.exec(text) ?? [];
    assert.ok(Object.hasOwn(REQUESTS, name), "no request that we use");
    const words = [...rest.matchAll(/ (?:"([^"]*)"|(\S+))/g)].map(([, quoted, bare]) =>
      shown(quoted ?? bare ?? ""),
    );
    assert.equal(words.length, REQUESTS[name], `.${name} takes ${REQUESTS[name]} words`);
    assert.equal(this.#head.length === 0, name === "TH", ".TH once, and first");
    if (this.#isVerbatim) assert.equal(name, "fi", "a request between .nf and .fi");
    this.#obey(name, words);
  }

  #obey(name: string, words: readonly string[]): void {
    if (name === "TH") this.#head = [...words];
    if (name === "nf" || name === "fi") {
      assert.equal(this.#isVerbatim, name === "fi", `.${name} again`);
      this.#isVerbatim = name === "nf";
    }
    if (name === "RS") this.#indents += 1;
    if (name === "RE") this.#indents -= 1;
    assert.ok(this.#indents === 0 || this.#indents === 1, "one indent, and back");
    if (name === "TP") this.#isTermNext = true;
    if (["PP", "SH", "SS"].includes(name)) this.#isInEntry = false;
    if (name !== "SH" && name !== "SS") return;
    assert.equal(this.#indents, 0, "a heading within an indent");
    const part = { title: words.join(" "), entries: [], verbatim: [], text: "" };
    if (name === "SH") this.#sections.push(part);
    else {
      assert.equal(this.#sections.at(-1)?.title, "COMMANDS", "a subsection elsewhere");
      this.#commands.push(part);
    }
  }

  #text(text: string): void {
    const section = this.#sections.at(-1) ?? assert.fail("text before the first heading");
    const part = section.title === "COMMANDS" ? (this.#commands.at(-1) ?? section) : section;
    const words = shown(text);
    if (this.#isVerbatim) part.verbatim.push(words);
    else if (this.#isTermNext) {
      part.entries.push({ term: words, text: "" });
      this.#isTermNext = false;
      this.#isInEntry = true;
    } else if (this.#isInEntry) {
      const entry = part.entries.at(-1) ?? assert.fail("no entry");
      entry.text = `${entry.text} ${words}`.trim();
    } else part.text = `${part.text} ${words}`.trim();
  }
}

/** A line as a reader sees it. Throws unless each character stands for itself. */
function shown(text: string): string {
  let left = text.replace(/^\\&(?=[.'])/, "");
  let seen = "";
  let font = "\\fR";
  while (left !== "") {
    const letter = left.slice(0, 1);
    const [written, means] = ESCAPES.find(([one]) => left.startsWith(one)) ?? [letter, letter];
    assert.ok(written.length > 1 || !/[-\\'`^~"]/.test(written), `${written} is not escaped`);
    if (written.startsWith("\\f")) {
      assert.equal(font === "\\fR", written !== "\\fR", "a font within a font");
      font = written;
    }
    seen += means;
    left = left.slice(written.length);
  }
  assert.equal(font, "\\fR", "the font goes on behind the line");
  return seen;
}
