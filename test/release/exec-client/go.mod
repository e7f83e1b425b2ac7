module exec-client

go 1.26
