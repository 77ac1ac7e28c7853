# Whose recorder it was is in the capture; where it is not, nothing is selected. Two hosts have two.
sed 's/"source":1,"capture_id"/"source":1,"own_netns":4026531840,"capture_id"/' fixtures/sample.jsonl > own.jsonl
sed 's/"source":1,"capture_id"/"source":1,"own_netns":7,"capture_id"/' fixtures/sample.jsonl > other.jsonl
for file in own other; do
    tcplife-report --input jsonl $file.jsonl --netns self | wc -l
    tcplife-report --input jsonl $file.jsonl --write $file.tlz
done
tcplife-report own.tlz --netns self | wc -l
tcplife-report other.tlz own.tlz --netns self | wc -l
cat own.tlz | tcplife-report - --netns self | wc -l
tcplife-report fixtures/sample.tlz --netns self | wc -l
