tcplife-report fixtures/sample.tlz --flows="$(printf 'a\033[31m/\n,')"
