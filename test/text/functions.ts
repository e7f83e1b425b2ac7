import { attemptInRefusal } from "../../doctor/facts/attempt.ts";
import { certificatesIn } from "../../doctor/facts/certificate-bundle.ts";
import { commandWords } from "../../doctor/facts/command-words.ts";
import { plainText } from "../../doctor/facts/pasted-text.ts";
import { coversNamespace } from "../../doctor/facts/scope-glob.ts";
import { symptomInWords } from "../../doctor/facts/symptom-words.ts";
import { clusterLogins } from "../../doctor/facts/terraform-text.ts";
import { isOlderThan } from "../../doctor/facts/version-number.ts";
import { collectNames } from "../../doctor/redaction/collect-names.ts";
import { NameBook } from "../../doctor/redaction/name-book.ts";
import { parseIni } from "../../token/aws/ini-file.ts";
import { maskVariable } from "../../token/masking/mask-arguments.ts";
import { maskAwsFile } from "../../token/masking/mask-aws-file.ts";
import { maskJson } from "../../token/masking/mask-json.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import { globCovers } from "../../token/text/glob.ts";
import { shownLines } from "../../token/text/printable.ts";
import { serverText } from "../../token/vouch/server-text.ts";

/** Every function that reads text of others, by its name. What it throws is as good as an answer. */
export const TEXT_FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  attemptInRefusal,
  certificatesIn,
  clusterLogins,
  commandWords,
  coversNamespace: (text) => coversNamespace("*a*b*", text),
  globCovers: (text) => globCovers("a*=*?x", text),
  isOlderThan: (text) => isOlderThan(text, [1, 2]),
  maskAwsFile,
  maskJson: (text) => maskJson({ args: [text], name: text }),
  maskText,
  maskVariable: (text) => maskVariable("NOTE", text),
  names: (text) => {
    const book = new NameBook();
    collectNames(text, book);
    return book.replaced(text);
  },
  parseIni: (text) => parseIni(text, "config"),
  parseSetting: (text) => parseIni(`[default]\nkey = a\n ${text}`, "config"),
  plainText,
  serverText,
  shownLines,
  symptomInWords,
};
