import assert from "node:assert/strict";
import { maskArguments } from "../../../token/masking/mask-arguments.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";

describe("maskKubeconfig, of other people's plugins and proxies", () => {
  it("hides secrets in a plugin's arguments, glued to their flag or behind it", () => {
    const text = `users:
- name: a
  user:
    exec:
      args:
      - get-token
      - --oidc-client-secret=canary-1
      - "--oidc-client-secret=canary-2"
      - --token
      - canary-3
      - --token-cache-dir=/tmp
      - --region
      - eu-west-1
      command: kubelogin
- name: b
  user: {exec: {args: [--password, canary-4, --verbose], command: x}}
`;
    assert.equal(
      maskKubeconfig(text),
      `users:
- name: a
  user:
    exec:
      args:
      - get-token
      - --oidc-client-secret=***
      - "--oidc-client-secret=***"
      - --token
      - "***"
      - --token-cache-dir=/tmp
      - --region
      - eu-west-1
      command: kubelogin
- name: b
  user: {exec: {args: [--password, "***", --verbose], command: x}}
`,
    );
  });

  it("hides an address with a password in it, and shows one without", () => {
    const text = `clusters:
- cluster:
    proxy-url: http://ada:canary-1@proxy.example.com:3128
    server: https://ABC.gr7.eu-west-1.eks.amazonaws.com
  name: a
- cluster: {proxy-url: "socks5://proxy.example.com:1080", server: 'https://ada:canary-2@x'}
  name: b
`;
    assert.equal(
      maskKubeconfig(text),
      `clusters:
- cluster:
    proxy-url: http://***@proxy.example.com:3128
    server: https://ABC.gr7.eu-west-1.eks.amazonaws.com
  name: a
- cluster: {proxy-url: "socks5://proxy.example.com:1080", server: 'https://***@x'}
  name: b
`,
    );
  });
});

describe("maskArguments", () => {
  for (const [args, masked] of [
    ["create secret generic db --from-literal=pin=1234", "create secret generic db --from-literal=pin=***"],
    ["create secret generic db --from-literal pin=a=b", "create secret generic db --from-literal pin=***"],
    ["create secret generic db --from-file=cert=a.txt", "create secret generic db --from-file=cert=a.txt"],
    ["login -u ada:pw --password pw", "login -u ada:*** --password ***"],
  ] as const)
    it(`of ${args}`, () => assert.equal(maskArguments(args.split(" ")).join(" "), masked));
});
