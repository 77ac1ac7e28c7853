# No control byte but the line feed, and valid UTF-8.
tcplife-report fixtures/good-hostile.tlz -w 2>&1 | LC_ALL=C tr -d '\n' | LC_ALL=C grep -c '[[:cntrl:]]'
tcplife-report fixtures/good-hostile.tlz -w 2>&1 | iconv -f UTF-8 -t UTF-8 >/dev/null
