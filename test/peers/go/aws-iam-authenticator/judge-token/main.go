// judge-token judges tokens as aws-iam-authenticator does. It asks STS as the server does, by HTTPS_PROXY, and trusts
// SSL_CERT_FILE; what it refuses by its form never gets there.
//
// Standard input, a JSON object a line: {"token": "k8s-aws-v1.…", "cluster": "lab", "partition": "aws", "region": ""}.
// Standard output, a line for each: {"identity": {…}} or {"kind": "FormatError", "error": "…"}; the kind is
// FormatError, STSError or STSThrottling.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sirupsen/logrus"
	"sigs.k8s.io/aws-iam-authenticator/pkg/token"
)

type question struct {
	Token     string
	Cluster   string
	Partition string
	Region    string
}

type answer struct {
	Identity *token.Identity `json:"identity,omitempty"`
	Kind     string          `json:"kind,omitempty"`
	Error    string          `json:"error,omitempty"`
}

func main() {
	logrus.SetOutput(io.Discard)
	type where struct{ cluster, partition, region string }
	verifiers := map[where]token.Verifier{}
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked question
		must(in.Decode(&asked))
		at := where{asked.Cluster, asked.Partition, asked.Region}
		if verifiers[at] == nil {
			verifiers[at] = token.NewVerifier(asked.Cluster, asked.Partition, asked.Region)
		}
		identity, err := verifiers[at].Verify(asked.Token)
		if err != nil {
			must(out.Encode(answer{Kind: strings.TrimPrefix(fmt.Sprintf("%T", err), "token."), Error: err.Error()}))
			continue
		}
		must(out.Encode(answer{Identity: identity}))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
