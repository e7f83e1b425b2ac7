import assert from "node:assert/strict";
import { parseIni } from "../../../token/aws/ini-file.ts";

/** What the file says, without where. */
const read = (text: string) =>
  parseIni(text, "/home/ada/.aws/config").sections.map(({ header, settings }) => [
    header,
    settings.map(({ key, value, bare, nested }) =>
      Object.keys(nested).length > 0 ? [key, nested] : [key, value, ...(bare === value ? [] : [bare])],
    ),
  ]);

describe("parseIni", () => {
  const table: Record<string, [string, unknown]> = {
    "an empty file": ["", []],
    "comments and blank lines": ["# a\n\n; b\n  # c\n", []],
    "sections and settings": [
      "[default]\nregion = us-east-1\n[profile dev]\noutput=json\n",
      [
        ["default", [["region", "us-east-1"]]],
        ["profile dev", [["output", "json"]]],
      ],
    ],
    "a colon between key and value": ["[a]\nregion: x\n", [["a", [["region", "x"]]]]],
    "a value that holds both": ["[a]\nurl = https://x/?a=b:c\n", [["a", [["url", "https://x/?a=b:c"]]]]],
    "keys in any case": ["[a]\nRegion = x\n", [["a", [["region", "x"]]]]],
    "CRLF, a byte order mark, no last line end": [
      "\ufeff[a]\r\nk = v\r\nl = w",
      [
        [
          "a",
          [
            ["k", "v"],
            ["l", "w"],
          ],
        ],
      ],
    ],
    "notes behind values, which belong to them for the AWS CLI alone": [
      "[a] # c\nk = v # c\nl = v#no\nm = # all\nn = x ; y\n",
      [
        [
          "a",
          [
            ["k", "v # c", "v"],
            ["l", "v#no"],
            ["m", "# all", ""],
            ["n", "x ; y", "x"],
          ],
        ],
      ],
    ],
    "nested settings": [
      "[a]\ns3 =\n  max = 1\n  addressing_style = path # c\nregion = x\n",
      [
        [
          "a",
          [
            ["s3", { max: "1", addressing_style: "path # c" }],
            ["region", "x"],
          ],
        ],
      ],
    ],
    "a value over several lines": [
      "[a]\nk = one\n  two\n\n\tthree\nl = x\n",
      [
        [
          "a",
          [
            ["k", "one\ntwo\nthree"],
            ["l", "x"],
          ],
        ],
      ],
    ],
    "CR as the end of each line": [
      "[a]\rk = v\r\rl = w\r",
      [
        [
          "a",
          [
            ["k", "v"],
            ["l", "w"],
          ],
        ],
      ],
    ],
    "blanks in a header, which belong to it": ["[ a\t]\nk = v\n", [[" a\t", [["k", "v"]]]]],
    "a section indented as a whole": [
      "[a]\n  k = v\n  l = w\n",
      [
        [
          "a",
          [
            ["k", "v"],
            ["l", "w"],
          ],
        ],
      ],
    ],
    "quotes in a header": ['[profile "my dev"]\nk = v\n', [['profile "my dev"', [["k", "v"]]]]],
    "a section that stands twice": [
      "[a]\nk = v\n[a]\nk = w\n",
      [
        ["a", [["k", "v"]]],
        ["a", [["k", "w"]]],
      ],
    ],
    "an empty value": ["[a]\nk =\n", [["a", [["k", ""]]]]],
  };
  for (const [what, [text, expected]] of Object.entries(table))
    it(`reads ${what}`, () => assert.deepEqual(read(text), expected));

  const refusals: Record<string, [string, string]> = {
    "a setting before the first section": ["# c\nk = v\n", "line 2: a setting precedes the first [section]"],
    "a line that is neither": ["[a]\nk = v\nhello\n", "line 3: it is neither a [section] nor key = value"],
    "a setting without a key": ["[a]\n= v\n", "line 2: it is neither a [section] nor key = value"],
    "a header that is not closed": ["[a\n", "line 1: a section header is not written as [name]"],
    "a header without a name": ["[ ]\n", "line 1: a section header is not written as [name]"],
    "a CR within a line": ["[a]\nk = v\rl = w\n", "line 2: it contains a carriage return"],
    "text behind a header": ["[a] b\n", "line 1: a section header is not written as [name]"],
  };
  for (const [what, [text, why]] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseIni(text, "/f"), {
        code: "aws-config-invalid",
        message: `Cannot use /f: ${why}.`,
      });
    });
  }

  it("refuses what no file of profiles is as large as", () => {
    for (const text of ["[a]\n".repeat(60_001), `# ${"a".repeat(5_000_000)}`])
      assert.throws(() => parseIni(text, "/f"), { code: "aws-config-invalid", message: /it has more than/ });
  });

  it("knows where everything stands", () => {
    const text = "\ufeff[a]\r\n  k  =  v # c\r\nl =\r\n  m = 1\r\n\r\n# end\r\n";
    const [section] = parseIni(text, "f").sections;
    const spans = section?.settings.map(({ start, valueStart, end }) => [
      text.slice(start, valueStart),
      text.slice(valueStart, end),
    ]);
    assert.deepEqual(spans, [
      ["  k  =  ", "v # c"],
      ["l =", "\r\n  m = 1"],
    ]);
    assert.deepEqual(
      [section?.start, text.slice(0, section?.end)],
      [1, text.slice(0, text.indexOf("m = 1") + 5)],
    );
  });
});
