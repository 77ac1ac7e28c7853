# A hyphen behind an option whose value may be left out is standard input.
for option in --flows --pairs --pairs=hosts --anonymize; do
    tcplife-report -q $option - --csv --top 1 <fixtures/sample.tlz | wc -l
done
