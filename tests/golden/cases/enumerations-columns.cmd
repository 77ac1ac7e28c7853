tcplife-report fixtures/good-enumerations.tlz --columns owner,direction,service,end,last_state,error
