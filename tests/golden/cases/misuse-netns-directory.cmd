tcplife-report fixtures/sample.tlz --netns /run/netns/
