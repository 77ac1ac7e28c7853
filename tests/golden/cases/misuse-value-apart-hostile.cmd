tcplife-report --anonymize "$(printf 'a\033[2Jb')" fixtures/sample.tlz
