tcplife-report --summary --json --columns section,name,end,sessions --filter 'end != closed-here' -L 443,80 fixtures/sample.tlz | sed '/captures/,$d'
