# (2 * 9223373137749551102 bytes) / 60 s is 307445771258318370, though the sum of both is over 64 bits.
tcplife-report fixtures/good-figures.tlz --timeline 1m --columns tx_bytes,rx_bytes,bytes_per_second --csv
tcplife-report fixtures/good-figures.tlz fixtures/good-figures.tlz --timeline 1m --columns tx_bytes,rx_bytes,bytes_per_second --csv
tcplife-report fixtures/good-figures.tlz fixtures/good-figures.tlz --summary --top 2 --columns section,sessions,share,tx_bytes,rx_bytes --csv
