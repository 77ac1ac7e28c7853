tcplife-report fixtures/sample.tlz --netns /proc/1/ns/net
