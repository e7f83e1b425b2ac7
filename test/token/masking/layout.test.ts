import assert from "node:assert/strict";
import { maskAwsFile } from "../../../token/masking/mask-arguments.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";
import { maskText } from "../../../token/masking/mask-text.ts";

describe("maskKubeconfig", () => {
  it("hides secrets however they are written, line for line, and nothing else", () => {
    const text = `shared: &t canary-0 # anchor
users:
- name: a # token: canary-1
  user:
    token: canary-2 # keep
    password: "canary-3"
    client-certificate-data: LS0tPUBLIC
    client-key-data: >-
      canary-4
        canary-4b
    auth-provider: {name: oidc, config: {id-token: canary-5, "refresh-token":'canary-6', client-id: me}}
- name: b
  user: {token: *t, tokenFile: /path}
- name: c
  user:
    exec:
      command: x
      env:
      - name: AWS_SECRET_ACCESS_KEY
        value: canary-7
      - {value: canary-8, name: API_TOKEN}
      - name: AWS_PROFILE
        value: dev
    # password: canary-9
    password: |
      canary-10
`;
    const masked = maskKubeconfig(text);
    assert.equal(
      masked,
      `shared: &t "***" # anchor
users:
- name: a # token: "***"
  user:
    token: "***" # keep
    password: "***"
    client-certificate-data: LS0tPUBLIC
    client-key-data: >-
      ***
        ***
    auth-provider: {name: oidc, config: {id-token: "***", "refresh-token":"***", client-id: me}}
- name: b
  user: {token: *t, tokenFile: /path}
- name: c
  user:
    exec:
      command: x
      env:
      - name: AWS_SECRET_ACCESS_KEY
        value: "***"
      - {value: "***", name: API_TOKEN}
      - name: AWS_PROFILE
        value: dev
    # password: "***"
    password: |
      ***
`,
    );
  });

  it("leaves an empty file and an empty secret", () => {
    assert.equal(maskKubeconfig(""), "");
    assert.equal(
      maskKubeconfig("users:\n- name: a\n  user: {token: }\n"),
      "users:\n- name: a\n  user: {token: }\n",
    );
  });
});

describe("maskAwsFile", () => {
  it("hides keys and tokens, and shows what is no secret", () => {
    const text =
      '[default]\r\naws_access_key_id = AKIAEXAMPLE\r\naws_secret_access_key = canary-1 # c\r\n; aws_session_token = canary-2\r\n# aws_session_token = canary-3\r\ncredential_process = "/x/kubectl-vouch" credential aws --role r\r\n';
    assert.equal(
      maskAwsFile(text),
      '[default]\r\naws_access_key_id = AKIAEXAMPLE\r\naws_secret_access_key = ***\r\n; aws_session_token = ***\r\n# aws_session_token = ***\r\ncredential_process = "/x/kubectl-vouch" credential aws --role r\r\n',
    );
  });
});

describe("a word of megabytes", () => {
  // V8's regular expressions throw at words of some eight million characters.
  for (const part of ["a", "A1b2", "eyJ"]) {
    it(`of ${part} is hidden, and what stands around it is read`, () => {
      const giant = part.repeat(Math.ceil(9_000_000 / part.length));
      assert.equal(maskText(`before ${giant} after\nlast`), "before *** after\nlast");
    });
  }
});

const CANARY = "Zx81kQhorseBattery";

const SECRETS: Readonly<Record<string, string>> = {
  "a list of JSON": '{"passwords":["%"],"region":"eu-west-1"}',
  "a map of JSON": '{"a":1,"secret":{"db":{"x":"%"}},"b":2}',
  "an output of Terraform":
    '{\n  "db_password": {\n    "sensitive": true,\n    "type": "string",\n    "value": "%"\n  }\n}',
  "a tag": '{"Key":"db_password","Value":"%"}',
  "a parameter of CloudFormation": '{"ParameterKey":"DbPassword","ParameterValue":"%"}',
  "a value before its name": '{\n  "value": "%",\n  "name": "DB_PASSWORD"\n}',
  "a value of YAML before its name": "- value: %\n  name: DB_PASSWORD",
  "the default of a variable": 'variable "db_password" {\n  default = <<EOT\n%\nEOT\n}',
  "a map that is such a default": 'variable "db_passwords" {\n  default = {\n    a = "%"\n  }\n}',
  "a difference": "-  password: %\n+  password: %1",
  "a Secret of Kubernetes": "apiVersion: v1\nkind: Secret\ndata:\n  db: %\n  x: %2\nmetadata:\n  name: a",
  "a Secret that says what it is at the end":
    "apiVersion: v1\ndata:\n  db: %\nkind: Secret\nmetadata:\n  name: a",
  "a file in a Secret": "kind: Secret\nstringData:\n  config: |\n    host: a\n    pw: %\n",
  "a Secret whose kind is written twice": "kind: Secret\ndata:\n  db: %\nkind: ConfigMap",
  "a Secret in one line": '{"apiVersion":"v1","data":{"db":"%"},"kind":"Secret"}',
  "a Secret of JSON": '{\n  "apiVersion": "v1",\n  "data": {\n    "db": "%"\n  },\n  "kind": "Secret"\n}',
  "a variable on two lines": "DB_PASSWORD=\\\n%",
  "a flag on two lines": "vault login --password \\\n  %",
  "what looks like a variable": "password: $%",
  "a list that breaks off": "password: [%",
  "keys that encrypt or sign": 'ENCRYPTION_KEY=%\nsigning_key = "%"\nssh_key: %\nsession_key=%',
  "a list of YAML": "passwords:\n  - %\n  - b",
  "a map of YAML": "secrets:\n  db: %\n  name: db",
  "maps in a list of YAML": "tokens:\n  - id: a\n    value: %",
  "what only begins like a reference": 'password: "$abc-%"\nDB_PASSWORD=<%>-x\nTOKEN=null-%',
  "a prompt with blanks in its name": "API key: %\n[sudo] password for ada: %",
  "an assignment of Go and Make": 'DB_PASSWORD := "%"\nTOKEN ?= %',
  "strings that a shell joins": "A=1 DB_PASSWORD=\"a\"'%'",
  "a quoted Secret": "> kind: Secret\n> # hello\n> data:\n>   db: %",
  "a Secret in a difference": " kind: Secret\n data:\n-  db: %\n+  db: %2",
  "a Secret in a string of JSON": String.raw`{"a":"{\"kind\":\"Secret\",\"data\":{\"db\":\"%\"}}"}`,
  "Secrets in a list":
    "kind: SecretList\nitems:\n- metadata:\n    name: a\n  data:\n    db: %\n- data: {db: %2}",
  "Secrets in a list of JSON":
    '{\n "kind": "SecretList",\n "items": [\n  {\n   "data": {\n    "db": "%"\n   }\n  }\n ]\n}',
  "Secrets in a list in one line": '{"kind":"SecretList","items":[{"data":{"db":"%"}}]}',
  "a Secret in YAML's flow style": "kind: Secret\ndata: {pin: %,\n  other: %2}",
  "a Secret made by a command": "kubectl create secret generic db --from-literal=pin=% --from-literal x=%2",
  "a Secret made by a quoted command": `oc create secret generic db --from-literal='pin=% %2' --from-literal "x=%3 %4"`,
  "parameters of CloudFormation": "ParameterKey=DBPassword,ParameterValue=%",
  "a setting of kubectl": "kubectl config set users.me.token %",
  "lists and maps in YAML's flow style": "passwords: [%, a]\nsecret: {db: %}",
};

const KEPT: readonly string[] = [
  'secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-abc"',
  "TOKEN_HOST=token.example.com",
  'private_hosts = ["10.0.0.1"]',
  "authorization_mode: RBAC",
  "signature_version = s3v4",
  "password_length = 16\nMAX_TOKENS=4096",
  'variable "db_password" {}\nlocals {\n  value = "a"\n}',
  '"secrets": [{"name": "sa-token-xyz"}]',
  "valueFrom: {secretKeyRef: {name: db, key: pw}}",
  "imagePullSecrets:\n- name: regcred",
  "resources:\n- secrets\nverbs:\n- get",
  "kind: ConfigMap\ndata:\n  mapRoles: |\n    - rolearn: arn:aws:iam::111122223333:role/x",
  "kind: Secret\nmetadata:\n  name: a\n---\nkind: ConfigMap\ndata:\n  mapRoles: |\n    - username: x",
  '{"kind":"List","items":[{"kind":"Secret"},{"data":{"mapRoles":"- username: x"},"kind":"ConfigMap"}]}',
  'kind: Secret\n---\n{"kind":"ConfigMap","data":{"db":"plain words"}}',
  "kubectl create secret generic db --from-literal=pin=$PIN --from-file=a.txt",
  "token: $TOKEN\npassword: $db_password",
  '{"value":0,"name":"token:"}',
  '"tokenRequests": [{"audience": "sts.amazonaws.com"}]',
];

const MASKED: Readonly<Record<string, string>> = {
  "kind: Secret\nstringData:\n  # from: Vault\n  config: |\n    pw: a\n":
    "kind: Secret\nstringData:\n  # from: Vault\n  config: |\n    ***\n",
  "kind: Secret\ndata: {pin: MTIz,\n  other: abc}": 'kind: Secret\ndata: {pin: "***",\n  other: "***"}',
  [String.raw`{"a":"{\"kind\":\"Secret\",\"data\":{\"x\":\"b\",\"y\":\"c\"},\"z\":1}"}`]: String.raw`{"a":"{\"kind\":\"Secret\",\"data\":{\"x\":\"***\",\"y\":\"***\"},\"z\":1}"}`,
  "secrets: {namespace: web, apiVersion: v1, db: Zx}": 'secrets: {namespace: web, apiVersion: v1, db: "***"}',
  "password = <<EOT\na\n\nb\nEOT": "password = ***\n***\n\n***\nEOT",
};

describe("secrets in lists, maps and manifests", () => {
  for (const [what, text] of Object.entries(SECRETS)) {
    it(`are hidden in ${what}`, () => {
      const masked = maskText(text.replaceAll("%", CANARY));
      assert.ok(!masked.includes(CANARY), masked);
      assert.equal(masked.split("\n").length, text.split("\n").length);
      assert.equal(maskText(masked), masked);
    });
  }

  for (const [text, masked] of Object.entries(MASKED)) {
    it(`are all that is hidden in ${JSON.stringify(text)}`, () => assert.equal(maskText(text), masked));
  }

  for (const text of KEPT) {
    it(`are not seen in ${JSON.stringify(text)}`, () => assert.equal(maskText(text), text));
  }
});
