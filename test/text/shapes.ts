/** Shapes of text that have made readers slow: each of a given length, in characters. */
const PARTS: Readonly<Record<string, string>> = {
  "one letter": "a",
  spaces: " ",
  tabs: "\t",
  newlines: "\n",
  "carriage returns": "\r\t",
  "blank lines": " \n",
  "continued lines": " a\n",
  "equals signs": "=",
  "name and equals": "token=",
  "name, colon and blank": "token: a ",
  references: "token:$x/",
  "quotes that open": 'password="',
  "single quotes": "'",
  backslashes: "\\",
  "nested quotes": '\\"token\\":\\"',
  "open brackets": "[",
  braces: '{"a":',
  "long words": "Abcdefghij0123456789Abcdefghij0123456789Abcdefghij0123456789 ",
  "a wall of base64": "QWxhZGRpbjpvcGVuIHNlc2FtZQ",
  "lines of base64": "QWxhZGRpbjpvcGVuIHNlc2FtZUFsYWRkaW46b3BlbiBzZXNhbWU\n",
  "web tokens": "eyJhbGciOi-",
  "beginnings of keys": "-----BEGIN PRIVATE KEY-----\n",
  "beginnings of certificates": "-----BEGIN CERTIFICATE-----",
  "beginnings of URLs": "https://a:",
  comments: " # ; ",
  flags: "--token ",
  headers: "authorization:\t",
  "account ids": "111122223333 ",
  addresses: "a.b+c@d.e.",
  ARNs: "arn:aws:iam::111122223333:role/",
  refusals: 'User "a" (groups=( cannot ',
  "lines of a kubeconfig": "- name: a\n  user: {token: x}\n",
  "open comments": "/*",
  dashes: "- ",
  "indented lines": "\n\t",
  exports: "export AWS_",
  assignments: "PATH=",
  mappings: "PATH: ",
  "keys of a property list": "<key>token</key><string>",
  "open tags": "<a ",
  "shell's set": "set -x ",
  "Dockerfile lines": "ENV token ",
  netrc: "login x ",
  attributes: "name='a' ",
};

export const SHAPES = Object.keys(PARTS);

export function shaped(shape: string, length: number): string {
  const part = PARTS[shape] ?? "";
  return `${part.repeat(Math.ceil(length / part.length)).slice(0, length - 1)}\0`;
}
