/**
 * client-go's messages for invalid values of a kubeconfig or of the equivalent flags, before it sends anything.
 *
 * Source: client-go, tools/clientcmd/validation.go; rest/exec.go, plugin.go, transport.go, url_utils.go; transport/transport.go,
 * token_source.go; plugin/pkg/client/auth; go, crypto/tls, `X509KeyPair`.
 */
export const REFUSED_VALUES = {
  twice:
    /(?:certificate-authority|client-cert|client-key)-data and (?:certificate-authority|client-cert|client-key) are both specified for/,
  unreadable: /unable to read (?:certificate-authority|client-cert|client-key) \S+ for .{1,200} due to/,
  keyless: /client-key-data or client-key must be specified for/,
  pem: /tls: (?:failed to find|private key does not match public key|found a certificate rather than|failed to parse private key)/,
  exec: /(?:command|env variable name) must be specified for .{1,200} to use exec/,
  methods: /more than one authentication method found for/,
  impersonation: /requesting uid, groups or user-extra for .{1,200} without impersonating a user/,
  namespace: /namespace "[^"]*" for context "[^"]*" does not conform to the kubernetes DNS_LABEL rules/,
  proxy:
    /invalid 'proxy-url' "[^"]*" for cluster|cannot parse proxy URL: |failed to (?:create proxy URL request|get proxy URL) for execProvider/,
  insecure: /specifying a root certificates file with the insecure flag is not allowed/,
  bundle: /failed to load CA bundle for execProvider: /,
  tokenFile: /failed to read token file "[^"]*"|read empty token from file "[^"]*"/,
  server: /host must be a URL or a host:port pair/,
  both: /authProvider cannot be provided in combination with an exec plugin|execProvider and authProvider cannot be used in combination/,
  provider:
    /no Auth Provider found for name "[^"]*"|The \w+ auth plugin has been removed|Must provide idp-(?:issuer-url|client-id)/,
} as const satisfies Readonly<Record<string, RegExp>>;
