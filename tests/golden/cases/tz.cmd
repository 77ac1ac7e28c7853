# Times in the zone that is asked for, in text, whatever the capture's; the zone of the machine is UTC here.
for zone in UTC local Europe/Berlin Asia/Kolkata America/St_Johns; do
    echo "$zone"
    tcplife-report fixtures/good-two-hosts.tlz -T --tz $zone -q | sed -n 2p
    tcplife-report fixtures/good-two-hosts.tlz --columns close_us,open_us --tz $zone -q | sed -n 2p
    tcplife-report fixtures/good-two-hosts.tlz --csv -T --tz $zone -q | sed -n 2p
    tcplife-report fixtures/sample.tlz --info --tz $zone | grep created
done
# Not in JSON, where they are numbers.
tcplife-report fixtures/good-two-hosts.tlz -q --jsonl --tz Asia/Kolkata | cmp - fixtures/good-two-hosts.jsonl | head -n 1
TZ=Asia/Kolkata tcplife-report fixtures/sample.tlz -T --tz local | sed -n 2p
