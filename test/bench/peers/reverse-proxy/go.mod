module application-connector/test/bench/reverse-proxy

go 1.22
