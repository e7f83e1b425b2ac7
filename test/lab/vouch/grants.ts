/** Grant names of the CLI. Source: token/vouch/VOUCH-PROTOCOL.md, "Names". */
export const FIDO2_GRANT = "urn:ietf:params:oauth:grant-type:fido2-assertion";
export const EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
