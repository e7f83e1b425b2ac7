import assert from "node:assert/strict";
import { commandWords } from "../../../../token/aws/sources/command-words.ts";

/** Vectors: botocore, tests/unit/test_compat.py (TestCompatShellSplit); python/cpython, Lib/test/test_shlex.py (posix_data). */
const POSIX: readonly (readonly [line: string, words: readonly string[] | undefined])[] = [
  ["", undefined],
  ["   \t\r\n", undefined],
  ["foo bar", ["foo", "bar"]],
  ["  foo\tbar  ", ["foo", "bar"]],
  ['"foo bar" baz', ["foo bar", "baz"]],
  ["'foo bar' baz", ["foo bar", "baz"]],
  ['foo"bar"bla', ["foobarbla"]],
  ["'foo'\"bar\"'bla'", ["foobarbla"]],
  ["foo ''", ["foo", ""]],
  ['""', [""]],
  ["blurb foo\"bar\"bar'fasel' baz", ["blurb", "foobarbarfasel", "baz"]],
  ["\\foo", ["foo"]],
  ["foo\\ bar", ["foo bar"]],
  ['foo\\"bar', ['foo"bar']],
  ['"\\"" "\\\\" "\\x" "\\\'"', ['"', "\\", "\\x", "\\'"]],
  ["'\\' \\\\", ["\\", "\\"]],
  ["a\\\nb", ["a\nb"]],
  ["~/p $HOME `x` a;b|c>d #e", ["~/p", "$HOME", "`x`", "a;b|c>d", "#e"]],
  ["a\u00a0b\u000bc", ["a\u00a0b\u000bc"]],
  ['"foo', undefined],
  ["'foo", undefined],
  ["foo\\", undefined],
  ['"foo\\', undefined],
];

/** Vectors: botocore, tests/unit/test_compat.py (TestCompatShellSplit, win32). */
const WINDOWS: readonly (readonly [line: string, words: readonly string[] | undefined])[] = [
  ["", undefined],
  ["spam", ["spam"]],
  ["spam eggs", ["spam", "eggs"]],
  ['"spam eggs"', ["spam eggs"]],
  ["'spam eggs'", ["'spam", "eggs'"]],
  ['""', [""]],
  ['C:\\spam\\eggs "C:\\spam eggs\\x.exe"', ["C:\\spam\\eggs", "C:\\spam eggs\\x.exe"]],
  ['\\"', ['"']],
  ['\\"\\"', ['""']],
  ['\\\\"spam eggs"', ["\\spam eggs"]],
  ['\\\\\\"', ['\\"']],
  ['""""', [""]],
  ["spam\\", ["spam\\"]],
  ['"spam\\\\"', ["spam\\"]],
  ["a\nb", ["a\nb"]],
  ['"spam', undefined],
];

describe("the words of a credential_process", () => {
  for (const [line, words] of POSIX)
    it(`are those of shlex: ${JSON.stringify(line)}`, () => {
      assert.deepEqual(commandWords(line, false), words);
    });
  for (const [line, words] of WINDOWS)
    it(`are those of Windows: ${JSON.stringify(line)}`, () => {
      assert.deepEqual(commandWords(line, true), words);
    });
});
