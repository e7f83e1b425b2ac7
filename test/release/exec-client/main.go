// Runs a credential plugin as client-go does: exec-client KUBERNETES_EXEC_INFO OUTPUT COMMAND ARGUMENTS…
//
// Source: k8s.io/client-go v0.36, plugin/pkg/client/auth/exec/exec.go, refreshCredsLocked.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	info, output, command, args := os.Args[1], os.Args[2], os.Args[3], os.Args[4:]
	var stdout bytes.Buffer
	plugin := exec.Command(command, args...)
	plugin.Env = append(os.Environ(), "KUBERNETES_EXEC_INFO="+info)
	plugin.Stdout = &stdout
	plugin.Stderr = os.Stderr
	err := plugin.Run()
	if writing := os.WriteFile(output, stdout.Bytes(), 0o600); writing != nil {
		panic(writing)
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "exec:", err)
		os.Exit(255)
	}
}
