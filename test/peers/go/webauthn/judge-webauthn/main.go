// judge-webauthn verifies registrations and logins as a server built on go-webauthn does. A user's verification is required, and so
// is a counter that grows; no certificate authority is trusted or distrusted.
//
// Standard input, a JSON object a line: {"act": "registration", "rpId": "vouch.example", "origin": "https://vouch.example",
// "challenge": "…", "credential": {…}}. A login adds what the server has stored: "publicKey", "counter" and "userHandle". Byte strings
// are base64url, and the credential is a browser's PublicKeyCredential as JSON.
// Standard output, a line for each: {"ok": true, "publicKey": "…", "counter": 7} or {"refused": "why"}.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"
)

type question struct {
	Act        string
	RPID       string `json:"rpId"`
	Origin     string
	Challenge  string
	Credential json.RawMessage
	PublicKey  protocol.URLEncodedBase64
	Counter    uint32
	UserHandle protocol.URLEncodedBase64
}

type accepted struct {
	OK        bool                      `json:"ok"`
	PublicKey protocol.URLEncodedBase64 `json:"publicKey"`
	Counter   uint32                    `json:"counter"`
}

type refused struct {
	Refused string `json:"refused"`
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked question
		must(in.Decode(&asked))
		credential, err := judge(asked)
		if err != nil {
			must(out.Encode(refused{err.Error()}))
			continue
		}
		must(out.Encode(accepted{true, credential.PublicKey, credential.Authenticator.SignCount}))
	}
}

func judge(asked question) (*webauthn.Credential, error) {
	server, err := webauthn.New(&webauthn.Config{RPID: asked.RPID, RPDisplayName: "Vouch", RPOrigins: []string{asked.Origin}})
	must(err)
	session := webauthn.SessionData{
		Challenge:        asked.Challenge,
		UserID:           asked.UserHandle,
		UserVerification: protocol.VerificationRequired,
		CredParams:       []protocol.CredentialParameter{{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256}},
	}
	if asked.Act == "registration" {
		made, err := protocol.ParseCredentialCreationResponseBody(bytes.NewReader(asked.Credential))
		if err != nil {
			return nil, err
		}
		return server.CreateCredential(user{}, session, made)
	}
	assertion, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader(asked.Credential))
	if err != nil {
		return nil, err
	}
	stored := webauthn.Credential{
		ID:            assertion.RawID,
		PublicKey:     asked.PublicKey,
		Authenticator: webauthn.Authenticator{SignCount: asked.Counter},
	}
	credential, err := server.ValidateLogin(user{asked.UserHandle, stored}, session, assertion)
	if err == nil && credential.Authenticator.CloneWarning {
		return nil, errors.New("the counter has not grown")
	}
	return credential, err
}

// user has one credential, or none yet.
type user struct {
	handle     []byte
	credential webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return u.handle }
func (u user) WebAuthnName() string                       { return "" }
func (u user) WebAuthnDisplayName() string                { return "" }
func (u user) WebAuthnCredentials() []webauthn.Credential { return []webauthn.Credential{u.credential} }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
