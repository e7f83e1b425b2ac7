import { attemptInRefusal } from "../../doctor/derive/authorization/access-request.ts";
import { isOlderThan } from "../../doctor/derive/client/client-kind.ts";
import { clusterLogins } from "../../doctor/derive/client/terraform-text.ts";
import { symptomInWords } from "../../doctor/derive/failure/symptom-words.ts";
import { commandWords } from "../../doctor/derive/kubeconfig/command-words.ts";
import { certificatesIn } from "../../doctor/derive/kubeconfig/kubeconfig-cluster.ts";
import { configuredVariables } from "../../doctor/derive/kubeconfig/plugin-environment.ts";
import { plainText } from "../../doctor/derive/pasted-text.ts";
import { coversNamespace } from "../../doctor/eks/rbac/access-policies.ts";
import { collectHostsUnderKnown } from "../../doctor/evidence/redaction/collect-hosts.ts";
import { collectNames } from "../../doctor/evidence/redaction/collect-names.ts";
import { Pseudonymizer } from "../../doctor/evidence/redaction/name-book.ts";
import { saysWhyNot } from "../../doctor/paste/complaint.ts";
import { maskedPaste } from "../../doctor/paste/masked-paste.ts";
import { piecesOf } from "../../doctor/paste/pieces.ts";
import { plainLines } from "../../doctor/paste/plain-lines.ts";
import { isBundle, readPasted } from "../../doctor/paste/read-paste.ts";
import { turnsOf } from "../../doctor/paste/turns.ts";
import { isReading } from "../../plugin/commands/credential/kubectl-verb.ts";
import { readExpiration } from "../../token/aws/aws-credentials.ts";
import { readSsoToken } from "../../token/aws/identity-center/sso-token.ts";
import { isPortalAddress } from "../../token/aws/identity-center/start-url.ts";
import { parseIni } from "../../token/aws/ini-file.ts";
import { commandWords as processWords } from "../../token/aws/sources/command-words.ts";
import { lastWords, readProcessAnswer } from "../../token/aws/sources/open/open-process.ts";
import { sectionsForCli } from "../../token/aws/sources/shared-files.ts";
import { maskAwsFile, maskJson, maskVariable } from "../../token/masking/mask-arguments.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import { serverText } from "../../token/net/server-text.ts";
import { globCovers, shellGlobCovers } from "../../token/text/glob.ts";
import { shownLines } from "../../token/text/printable.ts";
import { parseYaml } from "../../token/text/yaml.ts";

/** Every function that reads text of others, by its name. What it throws is as good as an answer. */
export const TEXT_FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  attemptInRefusal,
  certificatesIn,
  clusterLogins,
  commandWords,
  configuredVariables: (text) =>
    configuredVariables({ client: { name: "kubectl", files: [{ path: "/file", text }] } }),
  coversNamespace: (text) => coversNamespace("*a*b*", text),
  globCovers: (text) => globCovers("a*=*?x", text),
  isPortalAddress,
  isPortalHost: (text) => isPortalAddress(`https://${text}.awsapps.com/start`),
  isBundle,
  plainLines,
  piecesOf: (output) => piecesOf({ output, command: undefined, line: 1 }),
  saysWhyNot,
  readPasted: (text) => readPasted([{ text }], 0),
  turnsOf,
  maskedPaste: (text) => maskedPaste(text, 0).text,
  awsText: (text) => readPasted([{ text: `$ aws eks list-access-entries --cluster-name x\n${text}` }], 0),
  awsQuery: (text) =>
    readPasted([{ text: `$ aws eks list-clusters --query 'clusters[].${text}'\n["a"]` }], 0),
  kubectlTable: (text) => readPasted([{ text: `$ kubectl get ns\nNAME   STATUS   AGE\n${text}` }], 0),
  cutJson: (text) => readPasted([{ text: `{"clusters": [\n${text}` }], 0),
  isReading: (text) =>
    [
      ["get", ...text.split(" ")],
      [...text.split(" "), "get"],
    ].map(isReading),
  isOlderThan: (text) => isOlderThan(text, [1, 2]),
  lastWords,
  maskAwsFile,
  maskJson: (text) => maskJson({ args: [text], name: text }),
  maskText,
  maskVariable: (text) => maskVariable("NOTE", text),
  names: (text) => {
    const book = new Pseudonymizer();
    collectNames(text, book);
    book.addHost("acme.test");
    collectHostsUnderKnown(text, book);
    return book.replaced(text);
  },
  readSsoToken: (text) => readSsoToken({ accessToken: "x", expiresAt: text }),
  parseYaml: (text) => parseYaml(text),
  parseYamlValue: (text) => parseYaml(`a: ${text}`),
  parseYamlBlock: (text) => parseYaml(`a:\n  ${text}`),
  parseIni: (text) => parseIni(text, "config"),
  parseSetting: (text) => parseIni(`[default]\nkey = a\n ${text}`, "config"),
  plainText,
  processWords: (text) => processWords(text, false),
  readExpiration,
  readProcessAnswer: (text) => readProcessAnswer(text, 0),
  sectionsForCli: (text) => sectionsForCli(`[default]\nkey = a\n ${text}`, "config"),
  serverText,
  shellGlobCovers: (text) => shellGlobCovers("a*[b-d]*[!x]", text),
  shellGlobs: (text) => shellGlobCovers(text, "a-name-of-some-length"),
  shownLines,
  symptomInWords,
  windowsWords: (text) => processWords(text, true),
};
