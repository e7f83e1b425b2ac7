import assert from "node:assert/strict";
import { maskText } from "../../../token/masking/mask-text.ts";

const SLACK = "hooks.slack.com/services";

/** What stands there, and what is shown. */
const HIDDEN: readonly (readonly [text: string, masked: string])[] = [
  ["GPG_PASSPHRASE=correct horse battery staple\nHOME=/root", "GPG_PASSPHRASE=***\nHOME=/root"],
  ["HOME=/root\nDB_PASSWORD=x&Sup3r;Secret! tail\r\nA=b", "HOME=/root\nDB_PASSWORD=***\r\nA=b"],
  ['DB_PASSWORD=it\'s "mine"', "DB_PASSWORD=***"],
  ["DB_PASSWORD='two words' aws sts get-caller-identity", "DB_PASSWORD='***' aws sts get-caller-identity"],
  ["GITHUB_TOKEN=abc kubectl get pods", "GITHUB_TOKEN=*** kubectl get pods"],
  ["GITHUB_TOKEN=abc AWS_PROFILE=dev aws s3 ls", "GITHUB_TOKEN=*** AWS_PROFILE=dev aws s3 ls"],
  [
    "DB_PASSWORD                    Tr0ub4dor&3x\nPATH   C:\\x",
    "DB_PASSWORD                    ***\nPATH   C:\\x",
  ],
  ["VAULT_TOKEN\t0f0f0f", "VAULT_TOKEN\t***"],
  ["| user | ada |\n| password | hunter2 |", "| user | ada |\n| password | *** |"],
  ["|  SecretAccessKey  |  abc/def  |", "|  SecretAccessKey  |  ***  |"],
  ["AWS Secret Access Key [None]: /abc", "AWS Secret Access Key [None]: ***"],
  ["AWS Secret Access Key [****************ABCD]: abc", "AWS Secret Access Key [****************ABCD]: ***"],
  ["“password”: “hunter2”, “a”: “b”", "“password”: “***”, “a”: “b”"],
  ["„password“: „hunter2“", "„password“: „***“"],
  ["aws_secret_access_key\u00a0=\u00a0abc", "aws_secret_access_key\u00a0=\u00a0***"],
  [
    "&quot;password&quot;:&quot;x y&quot;,&quot;a&quot;",
    "&quot;password&quot;:&quot;***&quot;,&quot;a&quot;",
  ],
  ['SecretAccessKey\u001b(B\u001b[m": "abcdef", "a": 1', 'SecretAccessKey\u001b(B\u001b[m": "***", "a": 1'],
  [
    "#HttpOnly_vouch.sh\tFALSE\t/\tTRUE\t1795862400\t__Host-s\tabcdef",
    "#HttpOnly_vouch.sh\tFALSE\t/\tTRUE\t1795862400\t__Host-s\t***",
  ],
  [`DEBUG Signature:\n${"0f".repeat(32)}`, "DEBUG Signature:\n***"],
  ["VAULT_SECRET_ID=0a0b0c", "VAULT_SECRET_ID=***"],
  [
    "vault write auth/approle/login role_id=a secret_id=b",
    "vault write auth/approle/login role_id=a secret_id=***",
  ],
  ["DB_PASS=x", "DB_PASS=***"],
  ["pin: 1234\nspin: fast", 'pin: "***"\nspin: fast'],
  ["MYSQL_PWD: hunter2", 'MYSQL_PWD: "***"'],
  ['{"otp":"123456","mfa_code":"1","deviceCode":"a"}', '{"otp":"***","mfa_code":"***","deviceCode":"***"}'],
  ["code_verifier=abc x", "code_verifier=***"],
  ["dockerconfigjson = e30=", "dockerconfigjson = ***"],
  ["mysql -uroot -phunter2 -h db", "mysql -uroot -p*** -h db"],
  ["sshpass -p hunter2 ssh h", "sshpass -p *** ssh h"],
  ["CONNECTION_STRING=Server=a;B=c", "CONNECTION_STRING=***"],
  [`{ SecretAccessKey ${"aB3/".repeat(10)} }`, "{ SecretAccessKey *** }"],
  ["GET /?q=%7B%22password%22%3A%22hunter2%22%7D HTTP/1.1", "GET /?q=*** HTTP/1.1"],
  ["next=https%3A%2F%2Fh%2F%3Ftoken%3Dabc&x=y", "next=***&x=y"],
  ["Server=db;User=ada;Pwd=x;A=b", "Server=db;User=ada;Pwd=***;A=b"],
  ["Passwort: geheim", 'Passwort: "***"'],
  ["AccountName=a;AccountKey=abc==;A=b", "AccountName=a;AccountKey=***;A=b"],
  [`curl https://${SLACK}/T000/B000/abcdef x`, `curl https://${SLACK}/*** x`],
  ["http://localhost:8000/?code=SplxlOBeZQQYbYS6WxSbIA&state=x", "http://localhost:8000/?code=***&state=x"],
  ["login sha256~0123456789abcdefABCDEF0123456789abcdefABCDE", "login ***"],
  ["key glsa_0123456789abcdefABCDEF0123456789_0f0f0f0f", "key ***"],
  [`said ${"eyJwYXlsb2FkIjoi".padEnd(1152, "Ab3/")} to docker`, "said *** to docker"],
];

const KEPT: readonly string[] = [
  "aws secretsmanager get-secret-value --secret-id prod/db",
  "https://h/?arn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FDev&path=%2Fa%20b",
  "PWD=/home/ada\nOLDPWD=/",
  "default-token-abc   kubernetes.io/service-account-token   3   5d",
  "TOKEN                     TTL   EXPIRES",
  "AWS_WEB_IDENTITY_TOKEN_FILE   /run/token",
  "| Name | prod/token |",
  "| profile | dev |",
  "AWS Access Key ID [None]: AKIAEXAMPLEEXAMPLE12",
  "DB_PASSWORD=$OTHER and more",
  "exit code=12345678901234567890",
  "arn:aws:iam::111122223333:role/Dev",
  "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  'uid: 0f0e0d0c-0b0a-0908-0706-050403020100\nresourceVersion: "123456"',
];

describe("a secret that its place or its own name tells", () => {
  for (const [text, masked] of HIDDEN)
    it(`is hidden in ${JSON.stringify(text.slice(0, 70))}`, () => {
      assert.equal(maskText(text), masked);
      assert.equal(maskText(masked), masked);
    });

  for (const text of KEPT)
    it(`is none in ${JSON.stringify(text.slice(0, 70))}`, () => assert.equal(maskText(text), text));
});
